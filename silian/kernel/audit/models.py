from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock

DISTINCT_ACTIONS = """
WITH RECURSIVE found AS (
    (SELECT action FROM audit_entry ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (SELECT action FROM audit_entry WHERE action > found.action ORDER BY action LIMIT 1)
    FROM found WHERE found.action IS NOT NULL
)
SELECT action FROM found WHERE action IS NOT NULL
"""

# What the kernel itself calls its details. An app that adds others marks them likewise.
DETAILS = [
    gettext_noop("IP address"),
    gettext_noop("agent"),
    gettext_noop("checked"),
    gettext_noop("entry"),
    gettext_noop("expect"),
    gettext_noop("fault"),
    gettext_noop("head"),
    gettext_noop("sha256"),
    gettext_noop("size"),
    gettext_noop("task"),
]


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, obj: models.Model) -> "EntryQuerySet":
        """What the record says of ``obj``, newest first."""
        return self.filter(subject=subject_of(obj)).select_related("by").order_by("-pk")

    def actions(self) -> list[str]:
        """Every action that occurs; jumps from one to the next in the index, however long it is."""
        with connection.cursor() as cursor:
            cursor.execute(DISTINCT_ACTIONS)
            return [action for (action,) in cursor.fetchall()]


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
    action = models.CharField(_("action"), max_length=200, db_index=True)  # an English msgid
    detail = models.JSONField(_("details"), default=dict)  # was, to, why, and what else it tells
    digest = models.CharField(max_length=64)  # SHA-256 of the canonical text of the above

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.label}: {gettext(self.action)}"

    @property
    def act(self) -> str:
        """What was done, in the reader's language."""
        return gettext(self.action)

    @property
    def kind(self) -> str:
        """What kind of thing it was done to, in the reader's language."""
        model = self._model()
        return str(model._meta.verbose_name) if model else self.subject.partition(":")[0]

    @property
    def was(self) -> str:
        return self._label_of("was")

    @property
    def to(self) -> str:
        return self._label_of("to")

    @property
    def why(self) -> str:
        return str(self.detail.get("why", ""))

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """What else the details tell, beside states and reason."""
        told = ((k, v) for k, v in self.detail.items() if k not in ("was", "to", "why"))
        return [(gettext(name), value) for name, value in told]

    def _label_of(self, key: str) -> str:
        """A state by the name that people know it by, where the details tell of one."""
        value = self.detail.get(key, "")
        states = getattr(self._model(), "State", None)
        return str(dict(states.choices).get(value, value)) if states else str(value)

    def _model(self) -> type[models.Model] | None:
        try:
            return apps.get_model(self.subject.partition(":")[0])
        except (LookupError, ValueError):  # a model of an earlier release
            return None


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
        verbose_name = _("record")

    def __str__(self) -> str:
        return f"{self.position} {self.hash[:12]}"


def subject_of(obj: models.Model) -> str:
    return f"{obj._meta.label}:{obj.pk}"
