from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Numbering(models.Model):
    """What a consortium writes before the year and the serial: 决议〔2026〕3号."""

    consortium = models.OneToOneField(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="resolution_numbering"
    )
    prefix = models.CharField(_("before the year"), max_length=30, default="决议")

    def __str__(self) -> str:
        return self.number(clock.today().year, 1)

    def number(self, year: int, serial: int) -> str:
        return f"{self.prefix}〔{year}〕{serial}号"


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    def running(self) -> "ResolutionQuerySet":
        """Not done and not dropped."""
        return self.filter(state__in=Resolution.RUNNING)

    def overdue(self) -> "ResolutionQuerySet":
        return self.running().filter(due_on__lt=clock.today())


class Resolution(models.Model):
    """What an organ has decided, and who sees to it by when."""

    class State(models.TextChoices):
        OPEN = "open", _("To be carried out")
        REPORTED = "reported", _("Reported done")  # the secretariat has to confirm it
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    MOVES = {
        State.OPEN: {State.REPORTED, State.DONE, State.DROPPED},
        State.REPORTED: {State.OPEN, State.DONE, State.DROPPED},
    }
    RUNNING = (State.OPEN, State.REPORTED)
    STATE_COLOURS = {State.OPEN: "azure", State.REPORTED: "yellow", State.DONE: "green"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="resolutions"
    )
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveSmallIntegerField()
    number = models.CharField(_("number"), max_length=60)
    motion = models.OneToOneField(
        "motions.Motion", null=True, blank=True, on_delete=models.PROTECT, related_name="resolution"
    )
    meeting = models.ForeignKey(  # none: decided by correspondence
        "meetings.Meeting",
        verbose_name=_("meeting"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resolutions",
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    text_zh = models.TextField(_("text in Chinese"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    text = Bilingual()
    decided_on = models.DateField(_("decided on"))
    owner = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("carried out by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    person = models.CharField(_("person in charge"), max_length=100, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    outcome = models.TextField(
        _("what came of the resolution"), blank=True
    )  # or why it was dropped
    ended_on = models.DateField(_("done or dropped on"), null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("resolution")
        ordering = ["-year", "-serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "year", "serial"], name="one_resolution_a_serial"
            ),
            models.UniqueConstraint(
                fields=["consortium", "number"], name="one_resolution_a_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "dropped"], ended_on__isnull=False)
                | Q(state__in=["open", "reported"], ended_on=None),
                name="ended_resolutions_have_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "reported"])
                | Q(owner__isnull=False, due_on__isnull=False),
                name="what_is_to_be_done_has_owner_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(outcome=""), name="dropped_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("resolutions:resolution_detail", args=[self.consortium, self.pk])

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def days_left(self) -> int | None:
        """Days until it is due, less than 0 afterwards; None once it is done or dropped."""
        if not self.is_running or not self.due_on:
            return None
        return (self.due_on - clock.today()).days

    def reminder_is_due(self, today: date) -> bool:
        """A week and a day before the due date, on it, on the day after and every week then."""
        if self.state != self.State.OPEN or not self.due_on:
            return False
        told = self.reminded_on or date.min
        if today > self.due_on:
            return told <= self.due_on or (today - told).days >= 7
        return any(told < self.due_on - timedelta(days=n) <= today for n in (7, 1, 0))


class Report(models.Model):
    """What the owner says of how far it is, or the secretariat answers."""

    resolution = models.ForeignKey(Resolution, on_delete=models.CASCADE, related_name="reports")
    text = models.TextField(_("how far it is"))
    files = models.ManyToManyField("files.StoredFile", blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("progress report")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]
