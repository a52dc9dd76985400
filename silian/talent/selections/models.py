from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Side(models.TextChoices):
    SCHOOL = "school", _("School")
    ENTERPRISE = "enterprise", _("Enterprise")


class Selection(models.Model):
    """Whose turn it is with the list of a cohort, and who agrees with it as it stands.

    The list passes between school and enterprise until both agree; then it takes effect.
    """

    cohort = models.OneToOneField(
        "cohorts.Cohort", on_delete=models.CASCADE, related_name="selection"
    )
    turn = models.CharField(_("whose turn"), max_length=10, choices=Side, default=Side.SCHOOL)
    school_agrees = models.BooleanField(_("school agrees"), default=False)
    enterprise_agrees = models.BooleanField(_("enterprise agrees"), default=False)
    since = models.DateTimeField(_("with them since"), default=clock.now)
    settled_at = models.DateTimeField(_("agreed by both"), null=True, blank=True)

    class Meta:
        verbose_name = _("selection")
        constraints = [
            models.CheckConstraint(
                condition=Q(turn="school", school_agrees=False)
                | Q(turn="enterprise", enterprise_agrees=False),
                name="whoever_has_the_list_has_not_agreed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cohort}"


class Handover(models.Model):
    """One passing of the list to the other side. Handovers are added, never changed."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="handovers")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    taken = models.PositiveSmallIntegerField(_("to be taken"))
    waiting = models.PositiveSmallIntegerField(_("on the waiting list"))
    refused = models.PositiveSmallIntegerField(_("not to be taken"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("handover")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.selection}: {self.get_side_display()}"


class Interview(models.Model):
    """When an applicant is met, and how both sides found them."""

    learner = models.OneToOneField(
        "cohorts.Learner", on_delete=models.CASCADE, related_name="interview"
    )
    at = models.DateTimeField(_("when"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("interview")
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, 100)),
                name="interview_scores_are_0_to_100",
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner}"
