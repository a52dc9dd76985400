from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel.bilingual import Bilingual

MOST = Decimal(100)


class Criterion(models.Model):
    """One item of a round's points: how much it weighs, and where a student's value comes from."""

    class Source(models.TextChoices):
        RECORD = "record", _("Overall points of the school")
        SHEET = "sheet", _("Scores brought in by sheet")

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="criteria")
    title_zh = models.CharField(_("title in Chinese"), max_length=60)
    title_en = models.CharField(_("title in English"), max_length=80, blank=True)
    title = Bilingual()
    source = models.CharField(_("comes from"), max_length=10, choices=Source, default=Source.SHEET)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=0, help_text=_("0: it limits or reserves, and gives no points.")
    )

    class Meta:
        verbose_name = _("criterion")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "title_zh"], name="a_criterion_once_a_round"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="a_weight_is_0_to_100"),
        ]

    def __str__(self) -> str:
        return self.title


class Score(models.Model):
    """What one student has in one criterion, 0 to 100."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="scores")
    student = models.ForeignKey("profiles.Student", on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(_("score"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("score")
        constraints = [
            models.UniqueConstraint(fields=["criterion", "student"], name="one_score_a_criterion"),
            models.CheckConstraint(condition=Q(value__range=(0, 100)), name="scores_are_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.student}: {self.value}"


class Condition(models.Model):
    """A group of students, described by one fact about them."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("Students of a school")
        LEVEL = "level", _("Students at a level")
        PROGRAMME = "programme", _("Students of a programme")
        REGION = "region", _("Students of schools in a region")
        POINTS = "points", _("At least so many points")
        AGE_FROM = "age_from", _("At least so old")
        AGE_TO = "age_to", _("At most so old")
        CRITERION = "criterion", _("At least so much in a criterion")

    FIELDS = {
        Kind.SCHOOL: {"school"},
        Kind.LEVEL: {"level"},
        Kind.PROGRAMME: {"programme"},
        Kind.REGION: {"region"},
        Kind.POINTS: {"number"},
        Kind.AGE_FROM: {"number"},
        Kind.AGE_TO: {"number"},
        Kind.CRITERION: {"criterion", "number"},
    }
    VALUES = ("school", "level", "programme", "region", "criterion", "number")

    kind = models.CharField(_("whom"), max_length=10, choices=Kind)
    school = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("school"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Position.Education.choices[1:4], null=True, blank=True
    )
    programme = models.ForeignKey(
        "codes.Code",
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    region = models.ForeignKey(
        "codes.Code",
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    criterion = models.ForeignKey(
        Criterion,
        verbose_name=_("criterion"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    number = models.DecimalField(
        _("threshold"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="school", school__isnull=False)
                | Q(kind="level", level__isnull=False)
                | Q(kind="programme", programme__isnull=False)
                | Q(kind="region", region__isnull=False)
                | Q(kind__in=["points", "age_from", "age_to"], number__isnull=False)
                | Q(kind="criterion", criterion__isnull=False, number__isnull=False),
                name="%(class)s_says_whom",
            )
        ]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Ask for what the kind needs, and forget the rest."""
        wanted = self.FIELDS.get(self.kind, set())  # type: ignore[call-overload]
        errors: dict[str, Any] = {}
        for name in self.VALUES:
            if name not in wanted:
                setattr(self, name, None)
            elif getattr(self, name) is None:
                errors[name] = gettext("This is needed for this kind.")
        if errors:
            raise ValidationError(errors)

    @property
    def words(self) -> str:
        """The group in the reader's language: what a student is told who is not in it."""
        number = f"{self.number.normalize():f}" if self.number is not None else ""
        texts = {
            self.Kind.SCHOOL: gettext("students of %(what)s") % {"what": self.school},
            self.Kind.LEVEL: pgettext("group", "students at the level “%(what)s”")
            % {"what": self.get_level_display()},
            self.Kind.PROGRAMME: gettext("students of the programme “%(what)s”")
            % {"what": self.programme and self.programme.name},
            self.Kind.REGION: gettext("students of schools in %(what)s")
            % {"what": self.region and self.region.name},
            self.Kind.POINTS: gettext("students with at least %(n)s points") % {"n": number},
            self.Kind.AGE_FROM: gettext("students aged %(n)s or more") % {"n": number},
            self.Kind.AGE_TO: gettext("students aged %(n)s or less") % {"n": number},
            self.Kind.CRITERION: gettext("students with at least %(n)s in “%(what)s”")
            % {"n": number, "what": self.criterion},
        }
        return texts[self.Kind(self.kind)]


class Requirement(Condition):
    """Who may wish in a round or for one seat: all kinds must hold, of one kind one is enough."""

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="requirements")
    seat = models.ForeignKey(
        "rounds.Seat",
        verbose_name=_("only for the position"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="requirements",
    )

    class Meta(Condition.Meta):
        verbose_name = _("requirement")
        ordering = ["seat", "kind", "pk"]


class Reserve(Condition):
    """Places of one seat that go to a group first."""

    seat = models.ForeignKey(
        "rounds.Seat", verbose_name=_("position"), on_delete=models.CASCADE, related_name="reserves"
    )
    places = models.PositiveSmallIntegerField(_("places"))
    hard = models.BooleanField(
        _("stays empty without them"),
        default=False,
        help_text=_("Otherwise places that the group does not fill are open to all."),
    )

    class Meta(Condition.Meta):
        verbose_name = _("reserve")
        ordering = ["seat", "pk"]
        constraints = [
            *Condition.Meta.constraints,
            models.CheckConstraint(condition=Q(places__gte=1), name="a_reserve_has_a_place"),
        ]
