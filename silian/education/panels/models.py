from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.schemes.levels import PartKind
from silian.kernel import clock

USER = settings.AUTH_USER_MODEL
FEWEST_EXPERTS = 3
OF_100 = [MinValueValidator(0), MaxValueValidator(100)]


def of_100(name: str) -> Q:
    return Q((f"{name}__gte", 0), (f"{name}__lte", 100))


class Given(models.Model):
    """What the office gives for a part: points, or passed or not, or that somebody stayed away.

    It counts once a second person has checked it; whoever changes it has it checked again.
    """

    entry = models.ForeignKey(
        "skillappraisals.Entry", on_delete=models.PROTECT, related_name="given"
    )
    part = models.CharField(_("exam part"), max_length=12, choices=PartKind)
    points = models.DecimalField(
        _("points of 100"), max_digits=5, decimal_places=2, null=True, blank=True, validators=OF_100
    )
    passed = models.BooleanField(_("passed"), null=True)
    absent = models.BooleanField(_("stayed away"), default=False)
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)
    checked_by = models.ForeignKey(
        USER, verbose_name=_("checked by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked on"), null=True)

    class Meta:
        verbose_name = _("mark of the office")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "part"], name="one_mark_of_the_office_a_part"),
            models.CheckConstraint(
                condition=(of_100("points") & Q(points__isnull=False, passed=None, absent=False))
                | Q(points=None, passed__isnull=False, absent=False)
                | Q(points=None, passed=None, absent=True),
                name="a_mark_of_the_office_says_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(checked_by=F("by")),
                name="who_gives_a_mark_does_not_check_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.get_part_display()}"


class Seat(models.Model):
    """An expert of the panel that reviews; one of them is its chief."""

    appraisal = models.ForeignKey(
        "skillappraisals.Appraisal", on_delete=models.PROTECT, related_name="seats"
    )
    user = models.ForeignKey(
        USER, verbose_name=_("expert"), on_delete=models.PROTECT, related_name="review_seats"
    )
    chief = models.BooleanField(_("chief of the panel"), default=False)

    class Meta:
        verbose_name = _("expert of a panel")
        ordering = ["-chief", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "user"], name="an_expert_sits_once"),
            models.UniqueConstraint(
                fields=["appraisal"], condition=Q(chief=True), name="one_chief_a_panel"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return reverse("panels:review_index", args=[self.appraisal.consortium, self.appraisal_id])


class Opinion(models.Model):
    """What one expert gives, without seeing the others. When all have given it stays: a trigger."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="opinions")
    entry = models.ForeignKey(
        "skillappraisals.Entry", on_delete=models.PROTECT, related_name="opinions"
    )
    points = models.DecimalField(
        _("points of 100"), max_digits=5, decimal_places=2, validators=OF_100
    )
    note = models.CharField(_("why"), max_length=500, blank=True)
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("opinion of an expert")
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "entry"], name="an_expert_gives_once"),
            models.CheckConstraint(condition=of_100("points"), name="an_opinion_is_of_100"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} · {self.seat}"


class Review(models.Model):
    """All experts have given: their mean, and how far apart they are. Nothing changes it."""

    entry = models.OneToOneField(
        "skillappraisals.Entry", on_delete=models.PROTECT, related_name="review"
    )
    mean = models.DecimalField(_("mean"), max_digits=5, decimal_places=2)
    difference = models.DecimalField(_("Spread"), max_digits=5, decimal_places=2)
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("comprehensive review")
        constraints = [
            models.CheckConstraint(
                condition=of_100("mean") & of_100("difference"), name="a_review_is_of_100"
            )
        ]

    def __str__(self) -> str:
        return str(self.entry)


class Ruling(models.Model):
    """What the chief decided where experts differ too much, or corrected later; the last counts."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rulings")
    points = models.DecimalField(
        _("points of 100"), max_digits=5, decimal_places=2, validators=OF_100
    )
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("ruling of the chief")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=of_100("points") & ~Q(reason=""), name="a_ruling_gives_its_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.review} {self.points}"
