from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


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

    class Meta:
        verbose_name = _("skill")
        ordering = ["name_zh"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("occupations:skill_edit", args=[self.pk])
