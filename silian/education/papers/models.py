from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.questions.schema import Difficulty, Kind, Level
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual

LETTERS = "ABCDEF"


class Blueprint(models.Model):
    """What a paper consists of, in kinds, skills and difficulties, whatever items there are."""

    bank = models.ForeignKey(
        "banks.Bank",
        verbose_name=_("item bank"),
        on_delete=models.PROTECT,
        related_name="blueprints",
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("skill level"), max_length=1, choices=Level)
    rested = models.PositiveSmallIntegerField(
        _("months before a group sees an item again"),
        default=12,
        validators=[MaxValueValidator(120)],
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("blueprint")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("papers:blueprint_detail", args=[self.bank.consortium, self.pk])


class Cell(models.Model):
    """One line of a blueprint: so many items of this kind, worth so much each."""

    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="cells")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    skill = models.ForeignKey(  # null: whatever it tests
        "occupations.Skill",
        verbose_name=_("skill"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    easiest = models.PositiveSmallIntegerField(
        _("from difficulty"), choices=Difficulty, default=Difficulty.EASIEST
    )
    hardest = models.PositiveSmallIntegerField(
        _("to difficulty"), choices=Difficulty, default=Difficulty.HARDEST
    )
    count = models.PositiveSmallIntegerField(
        _("number of items"), validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    points = models.DecimalField(
        _("points each"), max_digits=5, decimal_places=2, validators=[MinValueValidator(0.01)]
    )

    class Meta:
        verbose_name = _("line of a blueprint")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "order"], name="lines_have_an_order"),
            models.CheckConstraint(
                condition=Q(count__gte=1, points__gt=0), name="a_line_of_a_blueprint_asks_something"
            ),
            models.CheckConstraint(
                condition=Q(hardest__gte=F("easiest")), name="difficulties_go_upwards"
            ),
        ]

    def __str__(self) -> str:
        skill = f" · {self.skill.name}" if self.skill else ""
        return f"{self.get_kind_display()}{skill} × {self.count}"

    @property
    def worth(self) -> Any:
        return self.count * self.points


class Paper(models.Model):
    """An exam on paper or screen, in one form or in several that are equally hard.

    A trigger keeps everything as it was handed in, and lets nobody hand in what does not add up.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("Awaiting approval")
        APPROVED = "approved", _("Approved for use")
        RETIRED = "retired", _("Retired")

    class Rule(models.TextChoices):
        """How several choices, places, steps and pairs are scored (``engines.scoring``)."""

        ALL = "all", _("All or nothing")
        PARTIAL = "partial", _("Part of the points for what is right")
        PENALTY = "penalty", _("What is wrong is taken off")

    MOVES = {
        State.DRAFT: {State.REVIEW, State.RETIRED},
        State.REVIEW: {State.DRAFT, State.APPROVED},
        State.APPROVED: {State.RETIRED},
    }
    STATE_COLOURS = {"review": "yellow", "approved": "green"}

    bank = models.ForeignKey(
        "banks.Bank", verbose_name=_("item bank"), on_delete=models.PROTECT, related_name="papers"
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("skill level"), max_length=1, choices=Level)
    minutes = models.PositiveSmallIntegerField(
        _("time in minutes"), default=90, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )
    total = models.DecimalField(_("points in all"), max_digits=6, decimal_places=2, default=100)
    passing = models.DecimalField(_("points to pass"), max_digits=6, decimal_places=2, default=60)
    rule = models.CharField(_("scoring"), max_length=10, choices=Rule, default=Rule.ALL)
    mixed = models.BooleanField(
        _("each candidate gets items and choices in an order of their own"), default=True
    )
    group = models.CharField(
        _("who will sit it"),
        max_length=60,
        blank=True,
        help_text=_("Items that the same group has seen lately are left out."),
    )
    blueprint = models.ForeignKey(
        Blueprint,
        verbose_name=_("blueprint"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="papers",
    )
    seed = models.CharField(max_length=40, blank=True)  # what the choice was drawn by
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("set by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("when"), default=clock.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("exam paper")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gt=0, passing__gt=0, passing__lte=F("total")),
                name="a_paper_can_be_passed",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("by")),
                name="a_paper_is_approved_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="an_approved_paper_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("papers:paper_detail", args=[self.bank.consortium, self.pk])


class Section(models.Model):
    """A part of a paper under a heading of its own; all forms have the same."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    title = Bilingual()

    class Meta:
        verbose_name = _("section")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "order"], name="sections_have_an_order"),
            models.UniqueConstraint(fields=["paper", "title_zh"], name="sections_differ"),
        ]

    def __str__(self) -> str:
        return self.title


class Form(models.Model):
    """One of the parallel forms of a paper: A, B, …"""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="forms")
    number = models.PositiveSmallIntegerField()
    difficulty = models.FloatField(_("difficulty"), null=True)  # mean, by points

    class Meta:
        verbose_name = _("form")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="a_form_has_one_number"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=len(LETTERS)), name="forms_are_a_to_f"
            ),
        ]

    def __str__(self) -> str:
        return self.letter

    @property
    def letter(self) -> str:
        return LETTERS[self.number - 1]


class Line(models.Model):
    """An item in a form, with its points."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="lines")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="lines")
    version = models.ForeignKey(
        "items.Version", on_delete=models.PROTECT, related_name="paper_lines"
    )
    order = models.PositiveSmallIntegerField()
    points = models.DecimalField(_("points of the item"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("line of a paper")
        ordering = ["section__order", "order"]
        constraints = [
            models.UniqueConstraint(fields=["form", "version"], name="no_item_twice_in_a_form"),
            models.UniqueConstraint(
                fields=["form", "order"],
                name="lines_of_a_form_have_an_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="an_item_is_worth_something"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.order}"
