import unicodedata

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


def word_of(text: str) -> str:
    """The one spelling under which a word belongs to one skill; the database folds alike."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


class SkillQuerySet(models.QuerySet["Skill"]):
    def named(self, text: str) -> "SkillQuerySet":
        """The skill that ``text`` names, by whichever of its words."""
        return self.filter(terms__word=word_of(text))


class Skill(models.Model):
    """One thing a person can know or do, in the words that demand and courses share."""

    class Kind(models.TextChoices):
        KNOWLEDGE = "knowledge", _("Knowledge")
        SKILL = "skill", _("Skill")
        TOOL = "tool", _("Tool")
        ATTITUDE = "attitude", _("Attitude")

    name_zh = models.CharField(_("name in Chinese"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name = Bilingual()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SKILL)
    about_zh = models.TextField(_("what it means, in Chinese"), blank=True)
    about_en = models.TextField(_("what it means, in English"), blank=True)
    about = Bilingual()
    occupations = models.ManyToManyField(
        "codes.Code", verbose_name=_("occupations"), blank=True, related_name="skills"
    )

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill")
        ordering = ["name_zh"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("occupations:skill_detail", args=[self.pk])


class Synonym(models.Model):
    """Another word for a skill, in either language."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="synonyms")
    text = models.CharField(_("synonym"), max_length=100)

    class Meta:
        verbose_name = _("synonym")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_synonym_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class Term(models.Model):
    """A word, name or synonym, as it is compared. A word means one skill only.

    The database writes these rows itself (triggers in the first migration), so that no route into
    the vocabulary can give one word two meanings.
    """

    word = models.CharField(max_length=100, primary_key=True)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="terms")

    class Meta:
        verbose_name = _("word")

    def __str__(self) -> str:
        return self.word


class Former(models.Model):
    """A double that became another skill: its old address still leads there."""

    number = models.PositiveBigIntegerField(primary_key=True)  # the key it had
    name_zh = models.CharField(max_length=60)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="formers")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("merged skill")

    def __str__(self) -> str:
        return self.name_zh
