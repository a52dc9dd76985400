from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Former(models.Model):
    """An organisation that was entered twice, and the record that it lives on in.

    It keeps what the merger changed, so that it can be taken back.
    """

    id = models.BigIntegerField(primary_key=True)  # the key it had; its old address still leads on
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("lives on in"),
        on_delete=models.CASCADE,
        related_name="former_records",
    )
    name = models.CharField(_("name"), max_length=200)
    facts = models.JSONField()  # every column of the former row, as Django serialises it
    moved = models.JSONField()  # {"app.Model.column": [keys of the rows that pointed at it]}
    taken = models.JSONField()  # {column: [before, after]} of the record that stays
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("former record")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name

    @property
    def moved_count(self) -> int:
        return sum(map(len, self.moved.values()))
