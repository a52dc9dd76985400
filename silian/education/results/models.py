from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.schemes.levels import PartKind
from silian.kernel import clock

USER = settings.AUTH_USER_MODEL


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def newest(self) -> "OutcomeQuerySet":
        """The last version for each entry: what counts."""
        return self.order_by("entry_id", "-version").distinct("entry_id")


class Outcome(models.Model):
    """What somebody has achieved, as it was published. Nothing changes it (a trigger): a correction
    is a further version with its reason, and the last one counts.

    ``parts`` lists part, came, points and earlier of engines.passing.Taken.
    """

    class Result(models.TextChoices):
        PASSED = "passed", _("Has passed")
        FAILED = "failed", _("Has not passed")

    class Grade(models.TextChoices):
        NONE = "", _("Without a grade")
        GOOD = "good", _("Good")
        EXCELLENT = "excellent", _("Excellent")

    entry = models.ForeignKey(
        "skillappraisals.Entry", on_delete=models.PROTECT, related_name="outcomes"
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    result = models.CharField(_("result"), max_length=10, choices=Result)
    grade = models.CharField(_("grade of the result"), max_length=10, choices=Grade, blank=True)
    parts: Any = models.JSONField()
    reason = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("published"), default=clock.now)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of an appraisal")
        ordering = ["entry_id", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "version"], name="versions_of_a_result_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | Q(version__gt=1) & ~Q(reason=""),
                name="a_corrected_result_says_why",
            ),
            models.CheckConstraint(
                condition=Q(result="passed") | Q(grade=""), name="only_who_passed_has_a_grade"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.get_result_display()}"

    @property
    def passed(self) -> bool:
        return self.result == self.Result.PASSED


class Appeal(models.Model):
    """Somebody asks that a part of their result be looked at again, by who has not marked it."""

    class State(models.TextChoices):
        FILED = "filed", _("Filed")
        REVIEWED = "reviewed", _("Being looked at")
        UPHELD = "upheld", _("Appeal upheld")
        REJECTED = "rejected", _("Appeal rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        State.FILED: {State.REVIEWED, State.WITHDRAWN},
        State.REVIEWED: {State.REVIEWED, State.UPHELD, State.REJECTED, State.WITHDRAWN},
    }
    STATE_COLOURS = {"filed": "yellow", "reviewed": "blue", "upheld": "green", "rejected": "red"}
    RUNNING = (State.FILED, State.REVIEWED)

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="appeals")
    part = models.CharField(_("exam part"), max_length=12, choices=PartKind)
    text = models.TextField(_("what is wrong"), max_length=2000)
    papers: Any = models.ManyToManyField(
        "files.StoredFile", verbose_name=_("evidence for the appeal"), blank=True, related_name="+"
    )
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("filed"), default=clock.now)
    due = models.DateField(_("to be answered until"))
    reviewer = models.ForeignKey(
        USER,
        verbose_name=_("reviewer of the appeal"),
        null=True,
        on_delete=models.PROTECT,
        related_name="appeals_to_review",
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.FILED)

    class Meta:
        verbose_name = _("appeal against a result")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "part"],
                condition=~Q(state="withdrawn"),
                name="one_appeal_a_part_of_a_result",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["upheld", "rejected"],
                    reviewer__isnull=False,
                    answered_at__isnull=False,
                )
                & ~Q(answer="")
                | ~Q(state__in=["upheld", "rejected"]) & Q(answer="", answered_at=None),
                name="a_decided_appeal_is_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="reviewed") | Q(reviewer__isnull=False),
                name="an_appeal_is_looked_at_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome.entry} {self.get_part_display()}"

    def get_absolute_url(self) -> str:
        appraisal = self.outcome.entry.appraisal
        return reverse("results:appeal_detail", args=[appraisal.consortium, appraisal.pk, self.pk])
