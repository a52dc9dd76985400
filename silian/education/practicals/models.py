from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from silian.education.questions.schema import Level
from silian.kernel.bilingual import Bilingual

FEWEST_EXAMINERS = 3  # a team that judges practical work


class Practical(models.Model):
    """One practical exam: candidates go from station to station, examiners score what they do.

    Once it is announced, a trigger keeps stations and criteria as they are.
    """

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
        "consortia.Consortium", on_delete=models.PROTECT, related_name="practicals"
    )
    organiser = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("held by"),
        on_delete=models.PROTECT,
        related_name="practicals",
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("skill level"), max_length=1, choices=Level)
    begins_at = models.DateTimeField(_("first turn begins"))
    changeover = models.PositiveSmallIntegerField(
        _("minutes between two turns"), default=5, validators=[MaxValueValidator(120)]
    )
    pauses_at = models.TimeField(_("break begins"), null=True, blank=True)
    resumes_at = models.TimeField(_("break ends"), null=True, blank=True)
    ends_by = models.TimeField(
        _("no turn ends later than"),
        null=True,
        blank=True,
        help_text=_("What does not fit into a day is planned for the next, from the same hour."),
    )
    examiners = models.PositiveSmallIntegerField(
        _("examiners at each station"),
        default=FEWEST_EXAMINERS,
        validators=[MinValueValidator(FEWEST_EXAMINERS), MaxValueValidator(9)],
    )
    difference = models.DecimalField(
        _("largest difference between examiners"),
        max_digits=5,
        decimal_places=2,
        default=10,
        help_text=_("In points of 100. Where they differ by more, the chief examiner decides."),
    )
    rules_zh = models.TextField(_("rules in Chinese"), blank=True)
    rules_en = models.TextField(_("rules in English"), blank=True)
    rules = Bilingual()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)

    class Meta:
        verbose_name = _("practical exam")
        ordering = ["-begins_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(examiners__gte=FEWEST_EXAMINERS), name="a_team_judges_practical_work"
            ),
            models.CheckConstraint(
                condition=Q(difference__gte=0, difference__lte=100),
                name="a_difference_is_in_points_of_100",
            ),
            models.CheckConstraint(
                condition=Q(pauses_at=None, resumes_at=None)
                | Q(pauses_at__isnull=False, resumes_at__gt=F("pauses_at")),
                name="a_break_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("practicals:practical_detail", args=[self.consortium, self.pk])


class Station(models.Model):
    """A task at a place, with so many desks at which candidates work at the same time."""

    practical = models.ForeignKey(Practical, on_delete=models.CASCADE, related_name="stations")
    order = models.PositiveSmallIntegerField()
    name_zh = models.CharField(_("name in Chinese"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    name = Bilingual()
    task_zh = models.TextField(_("task in Chinese"), blank=True)
    task_en = models.TextField(_("task in English"), blank=True)
    task = Bilingual()
    place = models.CharField(_("place"), max_length=120)
    desks = models.PositiveSmallIntegerField(_("desks"), default=1)
    minutes = models.PositiveSmallIntegerField(_("minutes to work"))
    weight = models.PositiveSmallIntegerField(
        _("weight in per cent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("station")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["practical", "order"], name="stations_have_an_order"),
            models.CheckConstraint(
                condition=Q(desks__gt=0, minutes__gt=0, weight__gte=1, weight__lte=100),
                name="a_station_can_be_worked_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """One line of a station's rubric. The points of a station's criteria add up to 100.

    A measurement is worth its points within its tolerance and nothing beyond. A critical point that
    is failed fails the whole practical exam.
    """

    class Kind(models.TextChoices):
        JUDGED = "judged", _("Judged by examiners")
        CHECKED = "checked", _("Done or not done")
        MEASURED = "measured", _("Measured")

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.JUDGED)
    name_zh = models.CharField(_("what is scored, in Chinese"), max_length=200)
    name_en = models.CharField(_("what is scored, in English"), max_length=300, blank=True)
    name = Bilingual()
    points = models.DecimalField(_("points it is worth"), max_digits=5, decimal_places=2)
    critical = models.BooleanField(_("failing it fails the exam"), default=False)
    photo = models.BooleanField(_("needs a photo"), default=False)
    unit = models.CharField(_("unit of measurement"), max_length=20, blank=True)
    nominal = models.DecimalField(
        _("nominal value"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    below = models.DecimalField(
        _("tolerance below"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    above = models.DecimalField(
        _("tolerance above"), max_digits=12, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = _("criterion")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["station", "order"], name="criteria_have_an_order"),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=100), name="a_criterion_is_worth_up_to_100"
            ),
            models.CheckConstraint(
                condition=Q(kind="measured", nominal__isnull=False, below__gte=0, above__gte=0)
                | ~Q(kind="measured") & Q(nominal=None, below=None, above=None),
                name="a_measurement_has_a_tolerance",
            ),
            models.CheckConstraint(
                condition=Q(critical=False) | ~Q(kind="judged"),
                name="what_is_critical_is_done_or_measured",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Panellist(models.Model):
    """An examiner at a station. Each station has a chief, who decides where the others differ."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="panel")
    examiner = models.ForeignKey(
        "examiners.Examiner", on_delete=models.PROTECT, related_name="stations"
    )
    chief = models.BooleanField(_("chief examiner"), default=False)
    since = models.DateTimeField(_("came later"), null=True)  # after it was announced

    class Meta:
        verbose_name = _("examiner at a station")
        ordering = ["-chief", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "examiner"], name="an_examiner_is_at_a_station_once"
            ),
            models.UniqueConstraint(
                fields=["station"], condition=Q(chief=True), name="one_chief_a_station"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station} · {self.examiner}"


class Entrant(models.Model):
    """Somebody entered for a practical exam. Examiners know the number, not the name."""

    practical = models.ForeignKey(Practical, on_delete=models.PROTECT, related_name="entrants")
    person = models.ForeignKey(
        "persons.Person", on_delete=models.PROTECT, related_name="practical_entries"
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
    draw = models.PositiveIntegerField(_("number drawn"), null=True)  # all that examiners see
    admitted_at = models.DateTimeField(_("identity checked"), null=True)

    class Meta:
        verbose_name = _("candidate of a practical exam")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["practical", "person"], name="a_person_takes_a_practical_once"
            ),
            models.UniqueConstraint(fields=["practical", "draw"], name="draws_differ"),
        ]

    def __str__(self) -> str:
        return self.number


class Turn(models.Model):
    """A candidate's time at a station: nobody is at two places, no desk holds two at once."""

    entrant = models.ForeignKey(Entrant, on_delete=models.PROTECT, related_name="turns")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="turns")
    desk = models.PositiveSmallIntegerField(_("desk"))
    during = DateTimeRangeField(_("planned"))

    class Meta:
        verbose_name = pgettext_lazy("practical exam", "turn")
        ordering = ["during", "station__order", "desk"]
        constraints = [
            models.UniqueConstraint(fields=["entrant", "station"], name="one_turn_a_station"),
            models.CheckConstraint(condition=Q(desk__gt=0), name="a_turn_is_at_a_desk"),
            ExclusionConstraint(
                name="nobody_is_at_two_stations",
                expressions=[
                    ("entrant", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="no_desk_holds_two",
                expressions=[
                    ("station", RangeOperators.EQUAL),
                    ("desk", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entrant} · {self.station}"
