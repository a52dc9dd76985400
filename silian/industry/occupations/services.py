"""Keeping the vocabulary. Each function is one thing somebody does."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record


@transaction.atomic
def save_skill(skill: Skill, *, by: User) -> Skill:
    """Keep a new or renamed skill."""
    new = skill.pk is None
    skill.save()
    record(skill, gettext_noop("Skill added") if new else gettext_noop("Skill changed"), by=by)
    return skill


@transaction.atomic
def enter_skills(rows: Sequence[dict[str, Any]], *, by: User) -> int:
    """Enter the skills of a sheet; one that is known by its Chinese name is brought up to date."""
    for row in rows:
        skill = Skill.objects.filter(name_zh=row["name_zh"]).first() or Skill()
        for name, value in row.items():
            setattr(skill, name, value)
        save_skill(skill, by=by)
    return len(rows)
