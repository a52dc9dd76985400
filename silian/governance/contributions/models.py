from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import DecimalField, F, Q, Sum
from django.db.models.functions import Coalesce, Floor
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.contributions.measures import Kind, Unit, quantity
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual

LARGEST = 10_000_000_000  # of any unit, in one row
SUM = DecimalField(max_digits=18, decimal_places=2)


def ledger_constraints(name: str) -> list[models.BaseConstraint]:
    """What holds for pledges and for entries alike."""
    return [
        models.CheckConstraint(
            condition=Q(kind="money", unit="yuan")
            | Q(kind="equipment", unit__in=["yuan", "items"])
            | Q(kind="hours", unit="hours")
            | Q(kind="places", unit="places")
            | Q(kind="space", unit="m2"),
            name=f"units_fit_{name}",
        ),
        models.CheckConstraint(condition=~Q(giver=F("receiver")), name=f"two_sides_of_{name}"),
        models.CheckConstraint(
            condition=~Q(unit__in=["items", "places"]) | Q(amount=Floor("amount")),
            name=f"whole_things_in_{name}",
        ),
    ]


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def standing(self) -> "PledgeQuerySet":
        return self.filter(state=Pledge.State.STANDING)

    def overdue(self) -> "PledgeQuerySet":
        """Those with sums whose day has passed before all was given."""
        late = self.standing().filter(due__lt=clock.today())
        return late.filter(**{"delivered__lt": F("amount")})

    def with_sums(self) -> "PledgeQuerySet":
        """Each with what its receiver confirmed (``delivered``), and what waits for that."""
        confirmed = Q(entries__confirmation__accepted=True)
        waiting = Q(entries__confirmation=None, entries__amount__gt=0, entries__reversal=None)
        return self.annotate(
            delivered=Coalesce(Sum("entries__amount", filter=confirmed), 0, output_field=SUM),
            waiting=Coalesce(Sum("entries__amount", filter=waiting), 0, output_field=SUM),
        )


class Pledge(models.Model):
    """What one party of an agreement promised to give another."""

    class State(models.TextChoices):
        STANDING = "standing", _("Standing")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {State.STANDING: {State.CANCELLED}}

    agreement = models.ForeignKey(
        "agreements.Agreement",
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        related_name="pledges",
    )
    giver = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("giver"),
        on_delete=models.PROTECT,
        related_name="pledges_made",
    )
    receiver = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("receiver"),
        on_delete=models.PROTECT,
        related_name="pledges_received",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    unit = models.CharField(_("unit of measure"), max_length=10, choices=Unit)
    amount = models.DecimalField(_("amount"), max_digits=13, decimal_places=2)
    text_zh = models.CharField(_("what, in Chinese"), max_length=200)
    text_en = models.CharField(_("what, in English"), max_length=200, blank=True)
    text = Bilingual()
    due = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.STANDING)
    token = models.UUIDField(unique=True, default=uuid4, editable=False)  # of the form it came by

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ["due", "pk"]
        constraints = [
            *ledger_constraints("pledges"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=LARGEST), name="a_pledge_has_an_amount"
            ),
            models.UniqueConstraint(  # what the entries' foreign key points at
                fields=["id", "agreement", "giver", "receiver", "kind", "unit"],
                name="pledges_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("contributions:pledge_detail", args=[self.agreement.consortium, self.pk])

    @property
    def quantity(self) -> str:
        return quantity(self.amount, self.unit)

    @property
    def given(self) -> str:
        """What the receiver has confirmed; of rows that came ``with_sums``."""
        return quantity(self.delivered, self.unit)  # type: ignore[attr-defined]

    @property
    def share(self) -> int:
        """How much of it was given, in percent."""
        return int(100 * self.delivered / self.amount)  # type: ignore[attr-defined]

    @property
    def is_overdue(self) -> bool:
        late = bool(self.due and self.due < clock.today())
        standing = self.state == self.State.STANDING
        return late and standing and self.delivered < self.amount  # type: ignore[attr-defined]


class EntryQuerySet(models.QuerySet["Entry"]):
    def confirmed(self) -> "EntryQuerySet":
        """What counts."""
        return self.filter(confirmation__accepted=True)

    def waiting(self) -> "EntryQuerySet":
        """What the receiver has to look at: deliveries, and reversals of what was confirmed."""
        return self.filter(confirmation=None, reversal=None).filter(
            Q(reverses=None) | Q(reverses__confirmation__accepted=True)
        )

    def objected(self) -> "EntryQuerySet":
        """What the receiver did not accept and nobody has taken back."""
        return self.filter(confirmation__accepted=False, reversal=None)


class Entry(models.Model):
    """One line of the ledger: something was given, or a line is taken back as if never written.

    The database refuses every change (triggers in the first migration). It counts once the
    receiver has confirmed it.
    """

    class State(models.TextChoices):
        """Read off the rows around it, stored nowhere."""

        WAITING = "waiting", _("Awaiting confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        OBJECTED = "objected", _("Objected to")
        REVERSED = "reversed", _("Reversed")
        REVERSAL = "reversal", _("Reversal")

    STATE_COLOURS = {State.WAITING: "yellow", State.CONFIRMED: "green", State.OBJECTED: "red"}

    agreement = models.ForeignKey(
        "agreements.Agreement",
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        related_name="entries",
    )
    pledge = models.ForeignKey(
        Pledge,
        verbose_name=_("pledge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
    )
    giver = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("giver"),
        on_delete=models.PROTECT,
        related_name="given",
    )
    receiver = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("receiver"),
        on_delete=models.PROTECT,
        related_name="received",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    unit = models.CharField(_("unit of measure"), max_length=10, choices=Unit)
    amount = models.DecimalField(_("amount"), max_digits=13, decimal_places=2)  # less than 0: back
    on = models.DateField(_("delivered on"))
    text = models.CharField(_("what was given"), max_length=200)
    evidence = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversal"
    )
    token = models.UUIDField(unique=True, default=uuid4, editable=False)  # of the form it came by
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("entered"), default=clock.now)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-on", "-pk"]
        constraints = [
            *ledger_constraints("entries"),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0, amount__lte=LARGEST)
                | Q(reverses__isnull=False, amount__lt=0),
                name="only_a_reversal_is_less_than_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["giver", "on"], name="entries_given"),
            models.Index(fields=["receiver", "on"], name="entries_received"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("contributions:entry_detail", args=[self.agreement.consortium, self.pk])

    @property
    def quantity(self) -> str:
        return quantity(self.amount, self.unit)

    @property
    def state(self) -> str:
        if self.reverses and self.reverses.is_void:
            return self.State.REVERSAL
        if not self.reverses and self.is_void:
            return self.State.REVERSED
        return self._answer() or self.State.WAITING

    @property
    def is_void(self) -> bool:
        """Was it reversed? What the receiver has confirmed counts until that is confirmed too."""
        if not hasattr(self, "reversal"):
            return False
        confirmed = self.State.CONFIRMED
        return self._answer() != confirmed or self.reversal._answer() == confirmed

    def _answer(self) -> str:
        if not hasattr(self, "confirmation"):
            return ""
        return self.State.CONFIRMED if self.confirmation.accepted else self.State.OBJECTED

    def get_state_display(self) -> str:
        return str(self.State(self.state).label)


class Confirmation(models.Model):
    """What the receiver said of an entry, once; the database refuses to change it."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="confirmation")
    accepted = models.BooleanField(_("confirmed"))
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("confirmation")
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted=True) | ~Q(reason=""), name="an_objection_to_an_entry_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.accepted}"
