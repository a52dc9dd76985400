"""Levels that a course can aim at, and who pays for a place."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The eight levels of workers' skills; a course need not aim at one."""

    APPRENTICE = "apprentice", _("Apprentice worker")
    FIVE = "5", _("Level 5, junior")
    FOUR = "4", _("Level 4, intermediate")
    THREE = "3", _("Level 3, senior")
    TWO = "2", _("Level 2, technician")
    ONE = "1", _("Level 1, senior technician")
    SPECIAL = "special", _("Special-grade technician")
    CHIEF = "chief", _("Chief technician")


class Payer(models.TextChoices):
    """Who pays for a place."""

    PERSON = "person", _("The learner")
    MEMBER = "member", _("A member organisation")
    OTHER = "other", _("Another organisation")
    GOVERNMENT = "government", _("The government")
