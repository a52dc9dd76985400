from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """A candidate at work: since when, on how many openings, and how it ended."""

    class End(models.TextChoices):
        SELF = "self", _("Handed in")
        FORCED = "forced", _("Taken in by the invigilator")
        TIME = "time", _("Time ran out")

    candidate = models.OneToOneField(
        "sittings.Candidate", on_delete=models.PROTECT, related_name="attempt"
    )
    started_at = models.DateTimeField(_("started"))
    ends_at = models.DateTimeField(_("time is up"))  # kept in step with what minutes are added
    seen_at = models.DateTimeField(_("last heard of"))  # to within ten seconds
    openings = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(_("ended"), null=True)
    end = models.CharField(_("how it ended"), max_length=10, choices=End, blank=True)
    device_code = models.CharField(max_length=8, blank=True)  # lets one other device open the paper

    class Meta:
        verbose_name = _("attempt")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="an_attempt_that_ended_says_how",
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidate}"


class Opening(models.Model):
    """The paper was opened once more: first, after a reload, or on another device."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="opened")
    number = models.PositiveSmallIntegerField()
    device = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("opening of a paper")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="openings_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.number}"


class Line(models.Model):
    """One answer as it was written. The log only grows: a trigger refuses to change or delete it.

    What counts of it, engines.answerlog tells.
    """

    pk = models.CompositePrimaryKey("attempt_id", "opening", "number")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="lines")
    opening = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    item = models.CharField(max_length=10)
    response = models.JSONField(null=True)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("line of answers")

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.opening}/{self.number}"


class Admission(models.Model):
    """The decision that lines which came too late count, and why."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="admission")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    received_until = models.DateTimeField()  # lines that came by then
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("late answers admitted")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_admission_says_why")
        ]

    def __str__(self) -> str:
        return f"{self.attempt}"


class Incident(models.Model):
    """What an invigilator wrote down about a candidate or a room."""

    class Kind(models.TextChoices):
        DEVICE = "device", _("Device or network failed")
        HEALTH = "health", _("Unwell")
        RULES = "rules", _("Against the rules")
        OTHER = "other", _("Something else")

    room = models.ForeignKey("sittings.Room", on_delete=models.PROTECT, related_name="incidents")
    candidate = models.ForeignKey(
        "sittings.Candidate",
        verbose_name=_("candidate"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    note = models.CharField(_("what happened"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("incident")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note}"
