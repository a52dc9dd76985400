"""The levels of skill, the parts of an appraisal and the ways to take them, in words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SkillLevel(models.TextChoices):
    """The five levels, and the new ones below and above them."""

    APPRENTICE = "apprentice", _("Apprentice worker")
    FIVE = "l5", _("Level 5, junior worker")
    FOUR = "l4", _("Level 4, intermediate worker")
    THREE = "l3", _("Level 3, senior worker")
    TWO = "l2", _("Level 2, technician")
    ONE = "l1", _("Level 1, senior technician")
    SPECIAL = "special", _("Special-grade technician")
    CHIEF = "chief", _("Chief technician")


class PartKind(models.TextChoices):
    ETHICS = "ethics", _("Professional ethics")
    THEORY = "theory", _("Theory")
    PRACTICAL = "practical", _("Practical skills")
    REVIEW = "review", _("Comprehensive review")
    PERFORMANCE = "performance", _("Work performance")


class Method(models.TextChoices):
    COMPUTER = "computer", _("On computers")
    WRITTEN = "written", _("In writing")
    ON_SITE = "on_site", _("Work on site")
    SCORED = "scored", _("Scored on paper")
    DEFENCE = "defence", _("Defence")
    THESIS = "thesis", _("Thesis")
    WORKS = "works", _("Review of works")
    ORAL = "oral", _("Oral exam")
