from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual

SCORE = [MinValueValidator(1), MaxValueValidator(5)]


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def unmet(self) -> "CommitmentQuerySet":
        """What its owner still has to do."""
        return self.filter(state__in=Commitment.UNMET)

    def overdue(self) -> "CommitmentQuerySet":
        return self.filter(state=Commitment.State.OPEN, due__lt=clock.today())


class Commitment(models.Model):
    """What one party of an agreement has to do for another by a day, once or every year.

    Its owner and whoever checks it are parties of the agreement (foreign keys in the first
    migration).
    """

    class Kind(models.TextChoices):
        OBLIGATION = "obligation", _("Obligation")
        MILESTONE = "milestone", _("Milestone")  # with criteria of acceptance, and evidence

    class State(models.TextChoices):
        OPEN = "open", _("To be done")
        REPORTED = "reported", _("Awaiting acceptance")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        WAIVED = "waived", _("Waived")

    MOVES = {
        State.OPEN: {State.REPORTED, State.MISSED, State.WAIVED},
        State.REPORTED: {State.MET, State.OPEN, State.WAIVED},
        State.MISSED: {State.REPORTED, State.WAIVED},
    }
    STATE_COLOURS = {
        State.OPEN: "azure",
        State.REPORTED: "yellow",
        State.MET: "green",
        State.MISSED: "red",
    }
    UNMET = (State.OPEN, State.MISSED)
    SETTLED = (State.MET, State.MISSED, State.WAIVED)

    agreement = models.ForeignKey(
        "agreements.Agreement",
        verbose_name=_("agreement"),
        on_delete=models.PROTECT,
        related_name="commitments",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OBLIGATION)
    owner = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("who does it"),
        on_delete=models.PROTECT,
        related_name="commitments",
    )
    checker = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("who accepts it"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    criteria_zh = models.TextField(_("when it counts as met, in Chinese"), blank=True)
    criteria_en = models.TextField(_("when it counts as met, in English"), blank=True)
    criteria = Bilingual()
    due = models.DateField(_("due on"))
    yearly = models.BooleanField(_("again every year"), default=False)
    follows = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="next"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    report = models.TextField(_("report"), blank=True)
    answer = models.TextField(_("answer"), blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = [F("settled_on").desc(nulls_first=True), "due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(owner=F("checker")), name="nobody_accepts_its_own_work"
            ),
            models.CheckConstraint(
                condition=~Q(kind="milestone") | ~Q(criteria_zh=""),
                name="a_milestone_has_criteria",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "reported"], settled_on=None)
                | Q(state__in=["met", "missed", "waived"], settled_on__isnull=False),
                name="what_is_settled_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="commitments_by_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("commitments:commitment_detail", args=[self.agreement.consortium, self.pk])

    @property
    def days_left(self) -> int | None:
        """Days until it is due, less than 0 afterwards; None where it is done."""
        return (self.due - clock.today()).days if self.state == self.State.OPEN else None

    @property
    def is_overdue(self) -> bool:
        return (self.days_left or 0) < 0


class Evidence(models.Model):
    """A file that shows that a commitment was kept."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("evidence")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name


class Evaluation(models.Model):
    """How an agreement did in a year: each party answers, the secretariat concludes."""

    class State(models.TextChoices):
        OPEN = "open", _("Parties are answering")
        CONCLUDED = "concluded", _("Concluded")

    MOVES = {State.OPEN: {State.CONCLUDED}}
    STATE_COLOURS = {State.OPEN: "azure", State.CONCLUDED: "green"}

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("Excellent")
        GOOD = "good", _("Good")
        SUFFICIENT = "sufficient", _("Sufficient")
        INSUFFICIENT = "insufficient", _("Insufficient")

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="evaluations"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    answer_until = models.DateField(_("answers until"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    grade = models.CharField(_("evaluated as"), max_length=15, choices=Grade, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    concluded_on = models.DateField(_("concluded on"), null=True, blank=True)

    class Meta:
        verbose_name = _("yearly evaluation")
        verbose_name_plural = _("yearly evaluations")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "year"], name="one_evaluation_a_year"),
            models.CheckConstraint(
                condition=Q(state="open", grade="", concluded_on=None)
                | Q(state="concluded", concluded_on__isnull=False) & ~Q(grade=""),
                name="what_is_concluded_has_a_grade",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("commitments:evaluation_detail", args=[self.agreement.consortium, self.pk])


class Assessment(models.Model):
    """What one party says of a year: three scores from 1 to 5, the results, the difficulties."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="assessments")
    organisation = models.ForeignKey(
        "members.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    performance = models.PositiveSmallIntegerField(_("what was agreed was done"), validators=SCORE)
    cooperation = models.PositiveSmallIntegerField(_("we worked well together"), validators=SCORE)
    benefit = models.PositiveSmallIntegerField(_("it was worth the effort"), validators=SCORE)
    results = models.TextField(_("results of the year"))
    difficulties = models.TextField(_("difficulties and wishes"), blank=True)
    goes_on = models.BooleanField(_("we want to go on"), default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("assessment")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "organisation"], name="a_party_assesses_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    performance__range=(1, 5), cooperation__range=(1, 5), benefit__range=(1, 5)
                ),
                name="scores_from_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.mean}"

    @property
    def mean(self) -> float:
        return round((self.performance + self.cooperation + self.benefit) / 3, 1)
