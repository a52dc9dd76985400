from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Post, SeatRule
from silian.kernel import clock


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


class TermQuerySet(models.QuerySet["Term"]):
    def running(self, on: date | None = None) -> "TermQuerySet":
        """Those that run on that day (today)."""
        day = on or clock.today()
        return self.filter(Q(end=None) | Q(end__gt=day), start__lte=day)


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
