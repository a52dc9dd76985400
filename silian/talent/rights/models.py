from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Correction(models.Model):
    """A person asks their school to correct what it keeps (PIPL Art. 46, 50)."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for the school")
        DONE = "done", _("Corrected")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken_back", _("Taken back")

    MOVES = {State.OPEN: {State.DONE, State.REFUSED, State.TAKEN_BACK}}
    STATE_COLOURS = {"open": "yellow", "done": "green", "refused": "red"}

    student = models.ForeignKey(
        "profiles.Student", on_delete=models.PROTECT, related_name="corrections"
    )
    wrong = models.CharField(_("what is wrong"), max_length=500)
    right = models.CharField(_("what would be right"), max_length=500)
    evidence = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=clock.now)
    due_on = models.DateField(_("to be answered by"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for correction")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="a_refusal_says_why"
            )
        ]

    def __str__(self) -> str:
        return self.wrong

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.due_on < clock.today()


class Deletion(models.Model):
    """A person asks to be forgotten; until the day comes they can think better of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for its day")
        STOPPED = "stopped", _("Stopped by the person")
        DONE = "done", _("Carried out")

    MOVES = {State.WAITING: {State.STOPPED, State.DONE}}
    STATE_COLOURS = {"waiting": "yellow", "done": "green"}

    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, related_name="deletions")
    asked_at = models.DateTimeField(_("asked"), default=clock.now)
    due_on = models.DateField(_("carried out on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    done_at = models.DateTimeField(_("carried out"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for deletion")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="waiting"),
                name="one_deletion_waits_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gt=F("asked_at")),
                name="deletions_are_done_after_they_are_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
