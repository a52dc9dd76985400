from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.education.standards.models import Unit
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.occupations.models import Skill

ONE_SOURCE = Q(position__isnull=False, unit__isnull=True) | Q(
    position__isnull=True, unit__isnull=False
)


class OfText(models.Model):
    """Something about one text: that of a position or that of a course unit."""

    position = models.ForeignKey(
        "demand.Position",
        verbose_name=_("position"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    unit = models.ForeignKey(
        "standards.Unit",
        verbose_name=_("course unit"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )

    class Meta:
        abstract = True

    @property
    def source(self) -> Position | Unit:
        found = self.position or self.unit
        if found is None:  # the database forbids it
            raise ValueError("a text has a source")
        return found


class Reading(OfText):
    """That a text was read, and in which wording: an unchanged text is not read again."""

    digest = models.CharField(max_length=64)  # of the text and of the vocabulary then

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_SOURCE, name="a_reading_has_one_source"),
            models.UniqueConstraint(fields=["position"], name="one_reading_a_position"),
            models.UniqueConstraint(fields=["unit"], name="one_reading_a_unit"),
        ]

    def __str__(self) -> str:
        return str(self.source)


class Passage(OfText):
    """A quote and the sentence it stands in, kept as they were read."""

    passage = models.TextField(_("quoted passage"))
    start = models.PositiveIntegerField()  # of the quote, in the passage
    end = models.PositiveIntegerField()

    class Meta:
        abstract = True

    @property
    def quote(self) -> str:
        return self.passage[self.start : self.end]

    @property
    def before(self) -> str:
        return self.passage[: self.start]

    @property
    def after(self) -> str:
        return self.passage[self.end :]


class Suggestion(Passage):
    """That a position asks for a skill, or a unit teaches it; whoever owns the text decides."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be decided")
        ACCEPTED = "accepted", _("Confirmed")
        REJECTED = "rejected", _("Rejected")

    MOVES = {
        State.WAITING: {State.ACCEPTED, State.REJECTED},
        State.ACCEPTED: {State.WAITING},
        State.REJECTED: {State.WAITING},
    }
    STATE_COLOURS = {"waiting": "blue", "accepted": "green", "rejected": "secondary"}

    skill = models.ForeignKey(
        Skill, verbose_name=_("skill"), on_delete=models.CASCADE, related_name="+"
    )
    level = models.PositiveSmallIntegerField(
        _("mastery"), choices=SkillNeed.Level, default=SkillNeed.Level.GUIDED
    )
    wished = models.BooleanField(_("preferred"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    made = models.BooleanField(default=False)  # confirming it added the skill: undoing takes it out
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("suggested skill")
        ordering = ["position", "unit", "pk"]
        constraints = [
            models.CheckConstraint(condition=ONE_SOURCE, name="a_suggestion_has_one_source"),
            models.UniqueConstraint(
                fields=["position", "skill"], name="a_skill_is_suggested_once_a_position"
            ),
            models.UniqueConstraint(
                fields=["unit", "skill"], name="a_skill_is_suggested_once_a_unit"
            ),
        ]
        indexes = [models.Index(fields=["state"], name="suggestion_state")]

    def __str__(self) -> str:
        return f"{self.skill}: {self.source}"


class Candidate(models.Model):
    """A word that may be missing from the vocabulary; one that was rejected never comes back."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be decided")
        ADDED = "added", _("Added as a skill")
        SYNONYM = "synonym", _("Became a synonym")
        REJECTED = "rejected", _("Rejected")

    MOVES = {
        State.WAITING: {State.ADDED, State.SYNONYM, State.REJECTED},
        State.ADDED: {State.WAITING},
        State.SYNONYM: {State.WAITING},
        State.REJECTED: {State.WAITING},
    }
    STATE_COLOURS = {
        "waiting": "blue",
        "added": "green",
        "synonym": "green",
        "rejected": "secondary",
    }

    word = models.CharField(max_length=100, unique=True)  # as it is compared
    text = models.CharField(_("proposed word"), max_length=100)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Skill.Kind, default=Skill.Kind.SKILL
    )  # a guess
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    skill = models.ForeignKey(
        Skill, verbose_name=_("skill"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("proposed term")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "rejected"], skill=None)
                | Q(state__in=["added", "synonym"], skill__isnull=False),
                name="an_accepted_term_means_a_skill",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Sighting(Passage):
    """One public text in which a proposed term stands."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="sightings")
    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=ONE_SOURCE, name="a_sighting_has_one_source"),
            models.UniqueConstraint(
                fields=["candidate", "position"], name="a_term_is_sighted_once_a_position"
            ),
            models.UniqueConstraint(
                fields=["candidate", "unit"], name="a_term_is_sighted_once_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.quote
