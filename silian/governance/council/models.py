from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import LEADERS, Post, SeatRule
from silian.kernel import clock

LONGEST_DELAY = timedelta(days=366)  # a re-election may be put off for a year (model charter)


class SeatQuerySet(models.QuerySet["Seat"]):
    def open(self, on: date | None = None) -> "SeatQuerySet":
        """Those that are not abolished on that day (today)."""
        day = on or clock.today()
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))


class Seat(models.Model):
    """One place in the council: a post, kept for a kind of organisation or open to all."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="seats"
    )
    post = models.CharField(_("post"), max_length=30, choices=Post)
    category = models.CharField(
        _("kept for"),
        max_length=20,
        choices=SeatRule.Category,
        default=SeatRule.Category.ANY,
    )
    number = models.PositiveSmallIntegerField(_("number"))  # 1, 2, … within the post
    closed_on = models.DateField(_("abolished on"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "post", "number"], name="a_seat_of_a_post_has_one_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("council:seat_detail", args=[self.consortium, self.pk])

    @property
    def leads(self) -> bool:
        return self.post in LEADERS

    @property
    def title(self) -> str:
        """The post, with the number where there are several (``siblings``, from policy)."""
        only = getattr(self, "siblings", None) == 1
        return str(self.get_post_display()) if only else str(self)

    @property
    def holder(self) -> "Term | None":
        """Who holds it today; policy has fetched ``running`` for lists."""
        found = getattr(self, "running", None)
        running = self.terms.running().select_related("organisation") if found is None else found
        return running[0] if running else None


class TermQuerySet(models.QuerySet["Term"]):
    def running(self, on: date | None = None) -> "TermQuerySet":
        """Those that run on that day (today)."""
        day = on or clock.today()
        return self.filter(Q(end=None) | Q(end__gt=day), start__lte=day)

    def past(self) -> "TermQuerySet":
        """Those that are over today."""
        return self.filter(end__lte=clock.today())


class Term(models.Model):
    """Somebody holds a seat for their unit, from one day to another."""

    class How(models.TextChoices):
        ELECTED = "elected", _("Elected")
        APPOINTED = "appointed", _("Appointed")
        CO_OPTED = "co_opted", _("Co-opted")

    class Left(models.TextChoices):
        EXPIRED = "expired", _("Term over")
        RESIGNED = "resigned", _("Resigned")
        DISMISSED = "dismissed", _("Dismissed")
        UNIT_LEFT = "unit_left", _("The unit left the consortium")
        REPLACED = "replaced", _("The unit sent somebody else")

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="terms")
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="council_terms",
    )
    person = models.CharField(_("person"), max_length=100)
    user = models.ForeignKey(  # where the person has an account
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    how = models.CharField(_("how"), max_length=10, choices=How)
    basis = models.CharField(_("basis"), max_length=200, blank=True)  # the election or resolution
    start = models.DateField(_("from"))
    end = models.DateField(_("until"), null=True, blank=True)  # the first day it no longer runs
    due = models.DateField(_("term until"), null=True, blank=True)
    """When it was to end as the charter says; ``end`` is earlier where its holder left, and up to
    a year later where the re-election was put off."""
    left = models.CharField(_("why it ended"), max_length=10, choices=Left, blank=True)
    left_why = models.CharField(_("reason"), max_length=300, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term of office")
        ordering = ["seat", "-start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")), name="terms_end_after_they_start"
            ),
            models.CheckConstraint(
                condition=Q(left="") | Q(end__isnull=False), name="who_left_no_longer_holds_a_seat"
            ),
            models.CheckConstraint(
                condition=Q(due=None) | Q(end__lte=F("due") + LONGEST_DELAY),
                name="a_reelection_is_put_off_for_a_year_at_most",
            ),
            ExclusionConstraint(
                name="one_holder_of_a_seat_at_a_time",
                expressions=[
                    ("seat", RangeOperators.EQUAL),
                    (Func("start", "end", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.person}"

    def get_absolute_url(self) -> str:
        return self.seat.get_absolute_url()

    @property
    def runs(self) -> bool:
        today = clock.today()
        return self.start <= today and (self.end is None or today < self.end)

    @property
    def why_it_ended(self) -> str:
        """In words; a term that nobody cut short is over when its time has come."""
        return str(self.get_left_display() if self.left else self.Left.EXPIRED.label)
