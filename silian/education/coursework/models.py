from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Session
from silian.education.enrolments.models import Enrolment
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Material(models.Model):
    """A file or an address that whoever has a place in a session can open."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="materials")
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    file = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    link = models.URLField(_("address"), max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("training material")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None) ^ Q(link=""), name="a_material_is_a_file_or_an_address"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Task(models.Model):
    """A piece of homework. Marks are out of 100, as everywhere."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="tasks")
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    text_zh = models.TextField(_("what is to be done, in Chinese"))
    text_en = models.TextField(_("what is to be done, in English"), blank=True)
    text = Bilingual()
    due_at = models.DateTimeField(_("to be handed in until"))
    takes_late = models.BooleanField(_("may be handed in late"), default=True)
    required = models.BooleanField(_("to be passed to complete the training"), default=True)
    passing = models.PositiveSmallIntegerField(_("marks to pass"), default=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("homework")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(passing__lte=100), name="homework_can_be_passed")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        consortium = self.session.course.consortium
        return reverse("coursework:task_detail", args=[consortium, self.session_id, self.pk])

    @property
    def is_due(self) -> bool:
        return self.due_at <= clock.now()


class Submission(models.Model):
    """What a learner handed in for a task, and what became of it."""

    class State(models.TextChoices):
        HANDED_IN = "handed_in", _("Handed in, to be marked")
        RETURNED = "returned", _("Given back to be improved")
        MARKED = "marked", _("Marked")

    MOVES = {
        State.HANDED_IN: {State.RETURNED, State.MARKED},
        State.RETURNED: {State.HANDED_IN},
        State.MARKED: {State.RETURNED},
    }
    STATE_COLOURS = {"handed_in": "yellow", "returned": "orange", "marked": "green"}

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="submissions")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="submissions")
    text = models.TextField(_("your answer"), blank=True)
    at = models.DateTimeField(_("handed in"))
    marks = models.PositiveSmallIntegerField(_("marks (of 100)"), null=True, blank=True)
    remark = models.TextField(_("remark for the learner"), blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HANDED_IN)

    class Meta:
        verbose_name = _("homework handed in")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "enrolment"], name="homework_is_handed_in_once"
            ),
            models.CheckConstraint(
                condition=Q(state="marked", marks__lte=100, marked_by__isnull=False)
                | ~Q(state="marked") & Q(marks=None),
                name="only_marked_homework_has_marks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task}, {self.enrolment.code}"

    def get_absolute_url(self) -> str:
        session = self.task.session
        return reverse(
            "coursework:submission_detail", args=[session.course.consortium, session.pk, self.pk]
        )

    @property
    def late(self) -> bool:
        return self.at > self.task.due_at

    @property
    def passed(self) -> bool:
        return self.marks is not None and self.marks >= self.task.passing


class Attachment(models.Model):
    """A file that was handed in."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)
