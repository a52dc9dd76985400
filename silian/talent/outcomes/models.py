from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Outcome(models.Model):
    """What one learner did after the cohort, as the school knows it and from where."""

    class Moment(models.TextChoices):
        AT_END = "at_end", _("At the end")
        HALF_YEAR = "half_year", _("After half a year")

    class Fate(models.TextChoices):
        HERE = "here", _("Employed at an enterprise of the cohort")
        ELSEWHERE = "elsewhere", _("Employed elsewhere")
        STUDY = "study", _("Further study")
        SEEKING = "seeking", _("Looking for work")
        UNKNOWN = "unknown", _("Unknown")

    class Source(models.TextChoices):
        CONTRACT = "contract", _("Employment contract seen")
        ENTERPRISE = "enterprise", _("Said by the enterprise")
        LEARNER = "learner", _("Said by the learner")
        SURVEY = "survey", _("Survey of graduates")

    learner = models.ForeignKey(
        "cohorts.Learner", on_delete=models.PROTECT, related_name="outcomes"
    )
    moment = models.CharField(_("moment"), max_length=10, choices=Moment)
    fate = models.CharField(_("what became of them"), max_length=10, choices=Fate)
    on = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=10, choices=Source, blank=True)
    certificates = models.PositiveSmallIntegerField(_("certificates"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("entered"), default=clock.now)

    class Meta:
        verbose_name = _("outcome")
        ordering = ["learner", "moment"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "moment"], name="one_outcome_a_moment"),
            models.CheckConstraint(
                condition=Q(fate="unknown") | ~Q(source=""), name="what_is_known_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.get_fate_display()}"
