from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.questions.building import answer_of, worded
from silian.education.questions.schema import Difficulty, Kind, Level
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual

SHOWN = 90  # letters of a question in a list


class Item(models.Model):
    """One question through all its versions, and what it is about."""

    bank = models.ForeignKey(
        "banks.Bank", verbose_name=_("item bank"), on_delete=models.PROTECT, related_name="items"
    )
    number = models.PositiveIntegerField(_("number"))
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("skill level"), max_length=1, choices=Level)
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), choices=Difficulty, default=Difficulty.MIDDLE
    )
    measured = models.FloatField(_("measured difficulty"), null=True, editable=False)

    class Meta:
        verbose_name = _("item")
        ordering = ["bank", "number"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "number"], name="an_item_has_one_number"),
            models.CheckConstraint(
                condition=Q(difficulty__gte=1, difficulty__lte=5), name="difficulty_is_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(measured=None) | Q(measured__gte=0, measured__lte=1),
                name="measured_difficulty_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:05}"

    def get_absolute_url(self) -> str:
        return reverse("items:item_detail", args=[self.bank.consortium, self.pk])

    @property
    def hardness(self) -> float:
        """0 easy to 1 hard: as measured, or else as the author thinks."""
        return self.measured if self.measured is not None else (2 * self.difficulty - 1) / 10


class Tested(models.Model):
    """A skill that an item tests."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="tested")
    skill = models.ForeignKey("occupations.Skill", on_delete=models.PROTECT, related_name="tested")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "skill"], name="an_item_tests_a_skill_once")
        ]

    def __str__(self) -> str:
        return str(self.skill)


class Version(models.Model):
    """What an item asks and what is right. From the day it is handed in it never changes.

    Triggers of the first migration keep it so: only a draft can be rewritten or deleted.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("Being reviewed")
        APPROVED = "approved", _("Approved for use")
        RETIRED = "retired", _("Retired")

    MOVES = {
        State.DRAFT: {State.REVIEW, State.RETIRED},
        State.REVIEW: {State.DRAFT, State.APPROVED},
        State.APPROVED: {State.RETIRED},
    }
    STATE_COLOURS = {"review": "yellow", "approved": "green"}

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    newest = models.BooleanField(default=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    content = models.JSONField()
    key: Any = models.JSONField(null=True)
    text = models.TextField(_("wording of the item"))  # all words, for the search
    explanation_zh = models.TextField(_("explanation in Chinese"), blank=True)
    explanation_en = models.TextField(_("explanation in English"), blank=True)
    explanation = Bilingual()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("written"), default=clock.now)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of an item")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="a_version_has_one_number"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(newest=True), name="one_newest_version_of_an_item"
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state="approved"),
                name="one_approved_version_of_an_item",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("by")),
                name="an_item_is_reviewed_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="an_approved_item_was_reviewed",
            ),
        ]
        indexes = [models.Index(fields=["newest", "state"], name="newest_versions_by_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()

    @property
    def title(self) -> str:
        """How the question begins."""
        text = " ".join(worded(self.content["text"]).split())
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

    @property
    def answer(self) -> list[str]:
        return answer_of(self.content, self.key)


class Picture(models.Model):
    """A file that the content of a version shows: kept as long as the version is."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="pictures")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "file"], name="a_picture_is_listed_once")
        ]

    def __str__(self) -> str:
        return str(self.file)


class Comment(models.Model):
    """What a reviewer says about a version, and what its author answers."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(_("comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("comment")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="a_comment_on_an_item_says_something"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Use(models.Model):
    """A version in an exam, and how it did there once that was measured."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="uses")
    source = models.CharField(max_length=60)  # "sittings.Sitting:12": told twice, it is one use
    group = models.CharField(max_length=60, blank=True)  # who sat it: "cohorts.Cohort:3"
    label_zh = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True)
    label = Bilingual()
    on = models.DateField(_("day"))
    taken = models.PositiveIntegerField(_("taken by"), null=True)
    facility = models.FloatField(_("facility"), null=True)
    discrimination = models.FloatField(_("discrimination"), null=True)
    choices: Any = models.JSONField(default=dict)  # answer: [all, upper group, lower group]

    class Meta:
        verbose_name = _("use of an item")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "source"], name="a_version_is_used_once_an_exam"
            ),
            models.CheckConstraint(
                condition=Q(facility=None) | Q(facility__gte=0, facility__lte=1),
                name="facility_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(discrimination=None) | Q(discrimination__gte=-1, discrimination__lte=1),
                name="discrimination_is_a_correlation",
            ),
        ]
        indexes = [models.Index(fields=["group", "on"], name="items_that_a_group_saw")]

    def __str__(self) -> str:
        return f"{self.label}, {self.on}"
