from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Lesson
from silian.education.enrolments.models import Enrolment
from silian.kernel import clock


class Mark(models.Model):
    """Whether somebody was at a lesson, and how that is known."""

    class Was(models.TextChoices):
        HERE = "here", _("Here")
        ABSENT = "absent", _("Absent")
        EXCUSED = "excused", _("Excused")

    class How(models.TextChoices):
        CODE = "code", _("By code")
        LIST = "list", _("By list")

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="marks")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="marks")
    was = models.CharField(_("attendance"), max_length=10, choices=Was)
    how = models.CharField(_("how it is known"), max_length=10, choices=How)
    at = models.DateTimeField(_("when"), default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("mark of a roll call")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "enrolment"], name="one_mark_a_learner_and_lesson"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}, {self.get_was_display()}"
