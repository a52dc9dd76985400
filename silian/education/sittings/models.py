from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual

MINUTE = timedelta(minutes=1)


class Exam(models.Model):
    """One theory exam: everybody answers within the same hours, each in a room."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        ANNOUNCED = "announced", _("Announced")
        CLOSED = "closed", _("Over")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        State.DRAFT: {State.ANNOUNCED, State.CANCELLED},
        State.ANNOUNCED: {State.CLOSED, State.CANCELLED},
    }
    STATE_COLOURS = {"announced": "blue", "closed": "green", "cancelled": "red"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="exams"
    )
    organiser = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("held by"),
        on_delete=models.PROTECT,
        related_name="exams",
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    occupation = models.ForeignKey(
        "codes.Code",
        verbose_name=_("occupation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    level = models.CharField(_("level"), max_length=30, blank=True)
    paper = models.ForeignKey(
        "papers.Paper",
        verbose_name=_("exam paper"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="exams",
    )
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    minutes = models.PositiveSmallIntegerField(_("minutes to answer"), default=90)
    late_minutes = models.PositiveSmallIntegerField(
        _("minutes in which answers may still arrive"),
        default=15,
        help_text=_("For answers that were written in time on a device that had lost its network."),
    )
    rules_zh = models.TextField(_("rules in Chinese"), blank=True)
    rules_en = models.TextField(_("rules in English"), blank=True)
    rules = Bilingual()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)

    class Meta:
        verbose_name = _("exam")
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gte=F("opens_at") + MINUTE * F("minutes")),  # type: ignore[operator]
                name="an_exam_lasts_as_long_as_it_gives",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="an_exam_gives_some_minutes"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("sittings:exam_detail", args=[self.consortium, self.pk])

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.late_minutes)


class Form(models.Model):
    """A form of a paper as it is sat in one exam: a copy that nothing changes.

    ``content`` is what candidates get (papers.forming.frozen_form), each item with a ``key`` under
    which it is answered, whatever its place among theirs; ``keys`` says by that key what answers
    are scored by.
    """

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="forms")
    letter = models.CharField(_("form"), max_length=2, default="A")
    content = models.JSONField()
    keys = models.JSONField()

    class Meta:
        verbose_name = _("form")
        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "letter"], name="one_form_a_letter_in_an_exam")
        ]

    def __str__(self) -> str:
        return f"{self.exam} {self.letter}"


class Room(models.Model):
    """A room in which candidates of an exam sit, and who watches over it."""

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("exam room"), max_length=60)
    place = models.CharField(_("address"), max_length=200, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"))
    invigilators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("invigilators"), blank=True, related_name="+"
    )
    extra_minutes = models.PositiveSmallIntegerField(_("minutes added"), default=0)

    class Meta:
        verbose_name = _("exam room")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "name"], name="one_room_a_name_in_an_exam"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="an_exam_room_has_seats"),
        ]

    def __str__(self) -> str:
        return self.name


class Candidate(models.Model):
    """Somebody entered for an exam. Number and code stand on the ticket and open the paper."""

    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, related_name="candidates")
    person = models.ForeignKey(
        "persons.Person", on_delete=models.PROTECT, related_name="exam_candidacies"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("entered for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    number = models.CharField(_("ticket number"), max_length=20, unique=True)
    code = models.CharField(max_length=12)
    form = models.ForeignKey(Form, null=True, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(
        Room,
        null=True,
        on_delete=models.PROTECT,
        related_name="candidates",
        verbose_name=_("exam room"),
    )
    seat = models.PositiveSmallIntegerField(_("seat number"), null=True)
    extra_minutes = models.PositiveSmallIntegerField(_("minutes added"), default=0)
    admitted_at = models.DateTimeField(_("identity checked"), null=True)

    class Meta:
        verbose_name = _("candidate")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "person"], name="a_person_sits_an_exam_once"),
            models.UniqueConstraint(
                fields=["room", "seat"], name="one_candidate_a_seat", nulls_distinct=True
            ),
            models.CheckConstraint(
                condition=Q(room=None, seat=None) | Q(room__isnull=False, seat__gt=0),
                name="a_room_comes_with_a_seat",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse(
            "sittings:candidate_detail", args=[self.exam.consortium, self.exam_id, self.pk]
        )

    def ends_at(self, started_at: datetime) -> datetime:
        """When this candidate's time is up; time that was given is given beyond the closing too."""
        given = self.extra_minutes + (self.room.extra_minutes if self.room else 0)
        regular = min(started_at + timedelta(minutes=self.exam.minutes), self.exam.closes_at)
        return regular + timedelta(minutes=given)
