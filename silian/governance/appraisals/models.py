from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies.models import Body
from silian.kernel import clock

SCORE = [MinValueValidator(0), MaxValueValidator(100)]


class YearQuerySet(models.QuerySet["Year"]):
    def published(self) -> "YearQuerySet":
        """Those whose plan was filed: everybody may read it."""
        return self.exclude(state=Year.State.DRAFT).select_related("grade")


class Year(models.Model):
    """A year of a body: what it set itself, what came of it, and how that was appraised."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Plan being written")
        PLANNED = "planned", _("Plan filed")
        REPORTED = "reported", _("Result filed")
        APPRAISED = "appraised", _("Appraised")

    MOVES = {
        State.DRAFT: {State.PLANNED},
        State.PLANNED: {State.DRAFT, State.REPORTED},
        State.REPORTED: {State.PLANNED, State.APPRAISED},
        State.APPRAISED: {State.REPORTED},
    }
    STATE_COLOURS = {
        State.PLANNED: "azure",
        State.REPORTED: "yellow",
        State.APPRAISED: "green",
    }

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    aims = models.TextField(_("aims of the year"), blank=True)
    planned_at = models.DateTimeField(_("plan filed"), null=True, blank=True)
    result = models.TextField(_("what came of it"), blank=True)
    reported_at = models.DateTimeField(_("result filed"), null=True, blank=True)
    answer = models.TextField(_("what the secretariat asks for"), blank=True)
    grade = models.ForeignKey(
        "bodykinds.Grade",
        verbose_name=_("appraisal grade"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    score = models.DecimalField(
        _("score, of 100"), max_digits=5, decimal_places=2, null=True, blank=True, validators=SCORE
    )
    reasons = models.TextField(_("reasons for the grade"), blank=True)
    appraised_at = models.DateTimeField(_("appraised"), null=True, blank=True)

    objects = YearQuerySet.as_manager()

    class Meta:
        verbose_name = _("year of a body")
        ordering = ["-year", "body"]
        constraints = [
            models.UniqueConstraint(fields=["body", "year"], name="a_body_has_each_year_once"),
            models.CheckConstraint(
                condition=~Q(state="appraised")
                | (Q(grade__isnull=False, appraised_at__isnull=False) & ~Q(reasons="")),
                name="an_appraisal_gives_a_grade_and_reasons",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100),
                name="scores_of_years_are_of_a_hundred",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(planned_at__isnull=False),
                name="filed_plans_say_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse(
            "appraisals:year_detail", args=[self.body.consortium, self.body_id, self.year]
        )

    @property
    def colour(self) -> str:
        return "red" if self.grade and self.grade.failing else "green"


class Item(models.Model):
    """One thing a body wants to do in a year: by whom, until when, how much."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="items")
    what = models.CharField(_("what is to be done"), max_length=200)
    owner = models.CharField(_("who answers for it"), max_length=100)
    due = models.DateField(_("to be done by"))
    target = models.DecimalField(
        _("target value"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField(_("unit of measure"), max_length=20, blank=True)  # 人, 次, 万元
    reached = models.DecimalField(
        _("reached so far"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(_("how it went"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("item of a plan")
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(target=None) | Q(target__gte=0))
                & (Q(reached=None) | Q(reached__gte=0)),
                name="what_is_planned_and_reached_is_not_negative",
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_met(self) -> bool:
        return self.target is not None and (self.reached or 0) >= self.target

    @property
    def percent(self) -> int | None:
        """How much of the target is reached; nothing where no number was set."""
        if not self.target or self.reached is None:
            return None
        return int(100 * self.reached / self.target)


class Evidence(models.Model):
    """A file that shows what was done."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("what it shows"), max_length=200)

    class Meta:
        verbose_name = _("file that shows it")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.caption


class Mark(models.Model):
    """What one reviewer gives a year, for the secretariat to weigh."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="marks")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    score = models.PositiveSmallIntegerField(_("score, of 100"), validators=SCORE)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("score of a reviewer")
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "reviewer"], name="a_reviewer_marks_a_year_once"
            ),
            models.CheckConstraint(condition=Q(score__lte=100), name="marks_are_of_a_hundred"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.score}"


class Renewal(models.Model):
    """A body asks for another term, and the secretariat answers."""

    class State(models.TextChoices):
        ASKED = "asked", _("New term asked for")
        GRANTED = "granted", _("New term granted")
        DECLINED = "declined", _("New term declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {State.ASKED: {State.GRANTED, State.DECLINED, State.WITHDRAWN}}
    STATE_COLOURS = {State.ASKED: "azure", State.GRANTED: "green", State.DECLINED: "red"}

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="renewals")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    until = models.DateField(_("new term until"))
    account = models.TextField(_("what the term has brought"))
    aims = models.TextField(_("aims of the next term"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("new term asked for"), default=clock.now)
    answer = models.TextField(_("what the secretariat answered"), blank=True)
    decided_at = models.DateTimeField(_("new term decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("renewal")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["body"], condition=Q(state="asked"), name="one_open_renewal_of_a_body"
            )
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.until}"
