"""The families of certificates. Each has a scale of its own; no two share one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.education.schemes.levels import SkillLevel


class Family(models.TextChoices):
    SKILL = "skill_level", _("Vocational skill level")
    X = "x_certificate", _("1+X certificate")
    TRAINING = "training", _("Completed training")
    CONTEST = "contest", _("Award of a contest")
    TEACHER = "teacher", _("Recognition of a teacher")


class XLevel(models.TextChoices):
    PRIMARY = "x1", _("Primary (1+X)")
    MIDDLE = "x2", _("Intermediate (1+X)")
    ADVANCED = "x3", _("Advanced (1+X)")


class Award(models.TextChoices):
    FIRST = "first", _("First prize")
    SECOND = "second", _("Second prize")
    THIRD = "third", _("Third prize")
    MERIT = "merit", _("Award of merit")


class TeacherLevel(models.TextChoices):
    PRIMARY = "t1", _("Dual-qualified teacher, primary")
    MIDDLE = "t2", _("Dual-qualified teacher, intermediate")
    ADVANCED = "t3", _("Dual-qualified teacher, advanced")


SCALES: dict[str, type[models.TextChoices] | None] = {
    Family.SKILL: SkillLevel,
    Family.X: XLevel,
    Family.TRAINING: None,
    Family.CONTEST: Award,
    Family.TEACHER: TeacherLevel,
}
BEYOND_FIVE = (SkillLevel.APPRENTICE, SkillLevel.SPECIAL, SkillLevel.CHIEF)


def levels_of(family: str) -> list[tuple[str, str]]:
    """The scale of ``family``, lowest first; empty where it has none."""
    scale = SCALES[family]
    return [(value, str(label)) for value, label in scale.choices] if scale else []


def level_name(family: str, level: str) -> str:
    """A level in the reader's language; empty without one."""
    return dict(levels_of(family)).get(level, "") if level else ""


def mark_of(family: str, level: str, letters: str) -> str:
    """How a number tells the level. ``letters`` are those of the levels beyond the five."""
    if family == Family.SKILL and level in BEYOND_FIVE:
        return letters[BEYOND_FIVE.index(SkillLevel(level))]
    if family == Family.SKILL:
        return level[1:]
    order = [value for value, _label in levels_of(family)]
    return str(order.index(level) + 1) if level in order else "0"


def level_fits() -> Q:
    """A level is one of its own family's scale; a family without a scale has none."""
    fits = Q()
    for family, scale in SCALES.items():
        levels = [""] if scale is None else list(scale.values)
        if family == Family.TEACHER:
            levels.append("")  # a recognition may be of one grade alone
        fits |= Q(family=family, level__in=levels)
    return fits
