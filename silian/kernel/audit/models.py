from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Entry(models.Model):
    """One line of the record: who did what to which thing, when, and on whose behalf.

    The database refuses update and delete (triggers in the first migration).
    """

    at = models.DateTimeField(_("when"), default=clock.now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by whom"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    subject = models.CharField(max_length=100, db_index=True)  # "demand.Position:12"
    label = models.CharField(_("what"), max_length=300)  # what it was called then
    action = models.CharField(_("action"), max_length=200)  # an English msgid
    detail = models.JSONField(default=dict)  # was, to, why, and what else the action tells
    digest = models.CharField(max_length=64)  # SHA-256 of the canonical text of the above

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.label}: {gettext(self.action)}"


class Link(models.Model):
    """An entry's place in the chain: hash = SHA-256(previous hash + the entry's digest).

    Written by a deferred trigger at commit, so that the lock which orders the chain is held for
    the commit alone and two services never wait for each other (docs/decisions/0003).
    """

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.hash[:12]}"
