from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.ui import formats
from silian.talent.mentoring.statements import Quarter
from silian.talent.selections.models import Side


class Measure(models.TextChoices):
    PLACES = "places", _("Places for learners")
    HOURS = "hours", _("Hours of mentors")
    PAY = "pay", _("Pay and allowances")
    MONEY = "money", _("Money")
    EQUIPMENT = "equipment", _("Equipment, its value")
    EMPLOYED = "employed", _("Learners employed")
    SHARE = "share", _("Share of learners employed")


UNITS = {
    Measure.PLACES: _("people at a time"),
    Measure.HOURS: _("hours"),
    Measure.EMPLOYED: _("people"),
    Measure.SHARE: "%",
}


def quantity(measure: str, amount: Decimal) -> str:
    """An amount as its reader writes it."""
    if measure in (Measure.PAY, Measure.MONEY, Measure.EQUIPMENT):
        return formats.money(amount)
    return f"{formats.number(amount)} {UNITS[Measure(measure)]}"


class Promise(models.Model):
    """What one side promised for a cohort: each quarter, or in all until the end."""

    class Every(models.TextChoices):
        QUARTER = "quarter", _("Each quarter")
        WHOLE = "whole", _("In all, until the end")

    cohort = models.ForeignKey("cohorts.Cohort", on_delete=models.PROTECT, related_name="promises")
    giver = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("promised by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    measure = models.CharField(_("what is promised"), max_length=10, choices=Measure)
    amount = models.DecimalField(_("how much"), max_digits=12, decimal_places=2)
    every = models.CharField(_("when"), max_length=10, choices=Every, default=Every.QUARTER)
    pledge = models.ForeignKey(
        "contributions.Pledge",
        verbose_name=_("pledge in the ledger"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    pay_floor = models.PositiveIntegerField(_("monthly pay at least, yuan"), null=True, blank=True)
    posts = models.CharField(_("posts"), max_length=150, blank=True)
    note = models.CharField(_("conditions"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("promise")
        ordering = ["cohort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "giver", "measure"], name="a_measure_is_promised_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_promise_is_of_something"),
            models.CheckConstraint(
                condition=~Q(measure="share") | Q(amount__lte=100), name="shares_are_at_most_100"
            ),
            models.CheckConstraint(
                condition=~Q(measure__in=["employed", "share"]) | Q(every="whole"),
                name="employment_is_promised_for_the_end",
            ),
            models.CheckConstraint(
                condition=Q(pledge=None) | Q(measure__in=["money", "equipment"]),
                name="only_what_is_in_the_ledger_has_a_pledge",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.quantity}"

    @property
    def quantity(self) -> str:
        return quantity(self.measure, self.amount)


class SettlementQuerySet(models.QuerySet["Settlement"]):
    def standing(self) -> "SettlementQuerySet":
        """The latest version of each quarter."""
        return self.exclude(state=Settlement.State.REPLACED)

    def unanswered(self) -> "SettlementQuerySet":
        return self.filter(state=Settlement.State.OPEN)

    def overdue(self) -> "SettlementQuerySet":
        late = self.filter(due_on__lt=clock.today())
        return late.filter(state__in=[Settlement.State.OPEN, Settlement.State.OBJECTED])


class Settlement(models.Model):
    """Promise against actual of one cohort in one quarter, as of the day it was made.

    Its lines and answers never change; what was wrong is corrected by a new version.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Awaiting both sides")
        OBJECTED = "objected", _("Objected to")
        AGREED = "agreed", _("Agreed by both sides")
        REPLACED = "replaced", _("Replaced")

    MOVES = {
        State.OPEN: {State.OBJECTED, State.AGREED, State.REPLACED},
        State.OBJECTED: {State.REPLACED},
    }
    STATE_COLOURS = {"open": "yellow", "objected": "red", "agreed": "green"}

    cohort = models.ForeignKey(
        "cohorts.Cohort", on_delete=models.PROTECT, related_name="settlements"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    made_at = models.DateTimeField(_("drawn up"), default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("to be answered by"))
    reason = models.CharField(_("why it was corrected"), max_length=300, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("settlement")
        ordering = ["-year", "-quarter", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "year", "quarter", "version"], name="one_settlement_a_version"
            ),
            models.UniqueConstraint(
                fields=["cohort", "year", "quarter"],
                condition=~Q(state="replaced"),
                name="one_settlement_stands_a_quarter",
            ),
            models.CheckConstraint(
                condition=Q(quarter__range=(1, 4)), name="a_year_has_four_quarters"
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="a_correction_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort}, {self.time}"

    def get_absolute_url(self) -> str:
        cohort = self.cohort
        args = [cohort.consortium, cohort.pk, self.pk]
        return reverse("settlements:settlement_detail", args=args)

    @property
    def time(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    @property
    def is_overdue(self) -> bool:
        waiting = self.state in (self.State.OPEN, self.State.OBJECTED)
        return waiting and self.due_on < clock.today()


class Line(models.Model):
    """One measure: promised, actual. The database refuses to change it."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines")
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="lines")
    promised = models.DecimalField(_("promised"), max_digits=12, decimal_places=2)
    actual = models.DecimalField(_("actual"), max_digits=12, decimal_places=2)
    counted = models.DecimalField(_("counted"), max_digits=12, decimal_places=2)
    note = models.CharField(_("why it differs from what was counted"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of a settlement")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "promise"], name="a_promise_once_a_settlement"
            ),
            models.CheckConstraint(
                condition=Q(actual=models.F("counted")) | ~Q(note=""),
                name="what_was_not_counted_says_why",
            ),
            models.CheckConstraint(condition=Q(actual__gte=0), name="actuals_are_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.promise}"

    @property
    def difference(self) -> Decimal:
        return self.actual - self.promised

    @property
    def is_short(self) -> bool:
        return self.difference < 0

    @property
    def shown(self) -> dict[str, str]:
        """Every number as its reader writes it."""
        measure = self.promise.measure
        names = ("promised", "actual", "difference", "counted")
        return {name: quantity(measure, getattr(self, name)) for name in names}


class Answer(models.Model):
    """What one side said of a settlement, once. The database refuses to change it."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="answers")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    accepted = models.BooleanField(_("confirmed"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("answer")
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "side"], name="one_answer_a_side"),
            models.CheckConstraint(
                condition=Q(accepted=True) | ~Q(reason=""),
                name="an_objection_to_a_settlement_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settlement}: {self.get_side_display()}"
