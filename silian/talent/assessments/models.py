from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Mark(models.Model):
    """What one assessor gives for one part of the scheme."""

    class Part(models.TextChoices):
        ATTENDANCE = "attendance", _("Attendance")
        PROCESS = "process", _("Process: journal, work, conduct")
        RESULT = "result", _("Result: report, work piece, defence")

    internship = models.ForeignKey(
        "internships.Internship", on_delete=models.CASCADE, related_name="marks"
    )
    part = models.CharField(_("part"), max_length=10, choices=Part)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assessor"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    points = models.DecimalField(_("points, 0 to 100"), max_digits=5, decimal_places=2)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("mark")
        ordering = ["part", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["internship", "part", "by"], name="an_assessor_marks_a_part_once"
            ),
            models.CheckConstraint(condition=Q(points__range=(0, 100)), name="marks_are_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.points}"


class Assessment(models.Model):
    """The final result, computed by the scheme from the marks that stood then."""

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("Excellent")
        GOOD = "good", _("Good")
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")

    internship = models.OneToOneField("internships.Internship", on_delete=models.PROTECT)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade)
    working = models.JSONField(default=dict)  # part → weight and mean, as they were
    summary = models.TextField(_("appraisal"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)
    certificate = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("assessment")
        constraints = [
            models.CheckConstraint(condition=Q(points__range=(0, 100)), name="a_result_is_0_to_100")
        ]

    def __str__(self) -> str:
        return f"{self.internship}: {self.points}"
