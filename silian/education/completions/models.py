from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.education.enrolments.models import Enrolment


class CompletionQuerySet(models.QuerySet["Completion"]):
    def standing(self) -> "CompletionQuerySet":
        """Those that were not taken back."""
        return self.filter(withdrawn_on=None)


class Completion(models.Model):
    """Somebody has done what a course asks for, or was let pass with a reason."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="completion")
    completed_on = models.DateField(_("completed on"), db_index=True)
    hours = models.DecimalField(_("hours attended"), max_digits=6, decimal_places=1)
    reason = models.CharField(_("why although not all is done"), max_length=300, blank=True)
    withdrawn_on = models.DateField(_("taken back on"), null=True, blank=True)
    withdrawn_why = models.CharField(_("why taken back"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        ordering = ["-completed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) ^ ~Q(withdrawn_why=""),
                name="taking_a_completion_back_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return str(self.enrolment)


class Aim(models.Model):
    """The yearly target that the people trained in a body count towards."""

    target = models.OneToOneField("plans.Target", on_delete=models.CASCADE, related_name="+")
    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="training_aims"
    )
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        verbose_name = _("target for training")
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "year"], name="one_training_target_a_year"
            )
        ]

    def __str__(self) -> str:
        return str(self.target)
