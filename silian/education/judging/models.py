from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL


class Performance(models.Model):
    """A turn as it went: since when, interrupted by what, until when. No row: not begun."""

    class State(models.TextChoices):
        WORKING = "working", _("Working")
        INTERRUPTED = "interrupted", _("Interrupted")
        FINISHED = "finished", _("Turn finished")
        ABSENT = "absent", _("Did not come")

    MOVES = {
        State.WORKING: {State.INTERRUPTED, State.FINISHED},
        State.INTERRUPTED: {State.WORKING, State.FINISHED},
        State.FINISHED: {State.WORKING},  # it was ended by mistake
        State.ABSENT: {State.WORKING},  # came after all
    }
    STATE_COLOURS = {
        "working": "blue",
        "interrupted": "orange",
        "finished": "green",
        "absent": "red",
    }

    turn = models.OneToOneField(
        "practicals.Turn", on_delete=models.PROTECT, related_name="performance"
    )
    state = models.CharField(_("state"), max_length=12, choices=State)
    begun_at = models.DateTimeField(_("began"), null=True)
    ends_at = models.DateTimeField(_("time is up"), null=True)  # in step with time given back
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("turn as it went")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="absent", begun_at=None, ends_at=None)
                | ~Q(state="absent") & Q(begun_at__isnull=False, ends_at__gt=F("begun_at")),
                name="who_did_not_come_did_not_begin",
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__gte=F("begun_at"))
                | ~Q(state="finished") & Q(finished_at=None),
                name="a_finished_turn_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn}"

    def get_absolute_url(self) -> str:
        practical = self.turn.station.practical
        return reverse("scoresheets:turn_detail", args=[practical.consortium, self.turn_id])


class Interruption(models.Model):
    """Work at a desk stood still, from when to when and why."""

    class Cause(models.TextChoices):
        EQUIPMENT = "equipment", _("Equipment failed")
        SITE = "site", _("Power, material or place")
        OTHER = "other", _("Something else")
        CANDIDATE = "candidate", _("The candidate's own doing")  # gives no time back

    performance = models.ForeignKey(
        Performance, on_delete=models.PROTECT, related_name="interruptions"
    )
    cause = models.CharField(_("cause"), max_length=10, choices=Cause)
    note = models.CharField(_("what went wrong"), max_length=300, blank=True)
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("interruption")
        ordering = ["began_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="an_interruption_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["performance"],
                condition=Q(ended_at=None),
                name="one_interruption_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.performance}: {self.get_cause_display()}"

    @property
    def given_back(self) -> timedelta:
        if self.ended_at is None or self.cause == self.Cause.CANDIDATE:
            return timedelta(0)
        return self.ended_at - self.began_at

    @property
    def given_text(self) -> str:
        """Minutes and seconds."""
        minutes, seconds = divmod(int(self.given_back.total_seconds()), 60)
        return f"{minutes}:{seconds:02}"


class Opening(models.Model):
    """An examiner opened the page of their station once more, on this or another device."""

    panellist = models.ForeignKey(
        "practicals.Panellist", on_delete=models.PROTECT, related_name="opened"
    )
    number = models.PositiveSmallIntegerField()
    device = models.CharField(max_length=40)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("opening of a station's page")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["panellist", "number"], name="openings_of_a_station_are_numbered"
            )
        ]

    def __str__(self) -> str:
        return f"{self.panellist} {self.number}"


class Line(models.Model):
    """One thing as it was written on a tablet. The log only grows; a trigger sees to it.

    ``item`` is the key of a criterion, "comment", or "turn" for what was done about the turn.
    """

    pk = models.CompositePrimaryKey("panellist_id", "opening", "number")
    panellist = models.ForeignKey(
        "practicals.Panellist", on_delete=models.PROTECT, related_name="lines"
    )
    opening = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    turn = models.ForeignKey("practicals.Turn", on_delete=models.PROTECT, related_name="lines")
    item = models.CharField(max_length=20)
    response = models.JSONField(null=True)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("line of a tablet")

    def __str__(self) -> str:
        return f"{self.panellist_id}/{self.opening}/{self.number}"


class Sheet(models.Model):
    """One examiner's score sheet of one turn. Signed, it is frozen: triggers keep it and its marks.

    ``content`` is what was signed, sealed by the installation (kernel.seals).
    """

    class State(models.TextChoices):
        OPEN = "open", _("Being filled in")
        SIGNED = "signed", _("Signed")

    MOVES = {State.OPEN: {State.SIGNED}}
    STATE_COLOURS = {"open": "yellow", "signed": "green"}

    turn = models.ForeignKey("practicals.Turn", on_delete=models.PROTECT, related_name="sheets")
    panellist = models.ForeignKey(
        "practicals.Panellist", on_delete=models.PROTECT, related_name="sheets"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    total = models.DecimalField(_("total"), max_digits=6, decimal_places=2, null=True)
    failed = ArrayField(models.BigIntegerField(), default=list)  # critical criteria, by key
    comment = models.TextField(_("comment"), blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True)
    content = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=44, blank=True)
    seal = models.CharField(max_length=88, blank=True)

    class Meta:
        verbose_name = _("score sheet")
        ordering = ["turn", "panellist"]
        constraints = [
            models.UniqueConstraint(
                fields=["turn", "panellist"], name="an_examiner_fills_in_one_sheet_a_turn"
            ),
            models.CheckConstraint(
                condition=Q(state="open", total=None, signed_at=None, seal="")
                | Q(state="signed", total__gte=0, total__lte=100, signed_at__isnull=False)
                & ~Q(content="")
                & ~Q(sha256="")
                & ~Q(seal=""),
                name="a_signed_sheet_is_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn} · {self.panellist.examiner}"

    def get_absolute_url(self) -> str:
        consortium = self.panellist.station.practical.consortium
        return reverse("scoresheets:sheet_detail", args=[consortium, self.pk])


class Mark(models.Model):
    """What a sheet gives for one criterion."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(
        "practicals.Criterion", on_delete=models.PROTECT, related_name="marks"
    )
    response = models.JSONField()
    points = models.DecimalField(_("points scored"), max_digits=5, decimal_places=2)
    passed = models.BooleanField(null=True)  # None where points are judged

    class Meta:
        verbose_name = _("mark")
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion"], name="a_criterion_is_marked_once"
            ),
            models.CheckConstraint(condition=Q(points__gte=0), name="marks_are_not_below_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class Photo(models.Model):
    """A photo that an examiner took. The device names it, so that it is kept once."""

    key = models.UUIDField(unique=True)
    panellist = models.ForeignKey(
        "practicals.Panellist", on_delete=models.PROTECT, related_name="photos"
    )
    turn = models.ForeignKey("practicals.Turn", on_delete=models.PROTECT, related_name="photos")
    criterion = models.ForeignKey(
        "practicals.Criterion", on_delete=models.PROTECT, related_name="photos"
    )
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(_("taken on"))
    received_at = models.DateTimeField(_("received on"))

    class Meta:
        verbose_name = _("photo of a station")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.turn} · {self.criterion}"


class Excusal(models.Model):
    """A turn is decided without this examiner's sheet, and why."""

    turn = models.ForeignKey("practicals.Turn", on_delete=models.PROTECT, related_name="excusals")
    panellist = models.ForeignKey(
        "practicals.Panellist", on_delete=models.PROTECT, related_name="excusals"
    )
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("sheet done without")
        constraints = [
            models.UniqueConstraint(
                fields=["turn", "panellist"], name="a_sheet_is_done_without_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_excusal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.turn} · {self.panellist}"
