"""Two skills that mean the same become one: whatever pointed to the double points to the other."""

from typing import Any

from django.db import models

from silian.industry.occupations.models import Skill, Synonym, Term


def repoint(double: Skill, keeper: Skill) -> int:
    """Let every row of every app that names ``double`` name ``keeper``; return how many did."""
    return sum(
        _repoint_rows(relation.related_model, relation.field, double, keeper)
        for relation in Skill._meta.related_objects
        if relation.one_to_many and relation.related_model not in (Term, Synonym)
    )


def is_used(skill: Skill) -> bool:
    """Does any row of any app name ``skill``?"""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: skill}).exists()
        for relation in Skill._meta.related_objects
        if relation.one_to_many and relation.related_model not in (Term, Synonym)
    )


def _repoint_rows(model: Any, field: Any, double: Skill, keeper: Skill) -> int:
    rows = list(model._base_manager.select_for_update().filter(**{field.name: double}))
    for row in rows:
        twin = _twin(row, field, keeper)
        if twin is None:
            setattr(row, field.name, keeper)
            row.save(update_fields=[field.name])
        else:
            _strengthen(twin, row)
            row.delete()
    return len(rows)


def _twin(row: Any, field: Any, keeper: Skill) -> Any:
    """The row that says the same of ``keeper`` already, where only one may say it."""
    for constraint in row._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and field.name in constraint.fields:
            same = {name: getattr(row, name) for name in constraint.fields if name != field.name}
            known = row._meta.model._base_manager.filter(**same, **{field.name: keeper})
            if constraint.condition is not None:
                known = known.filter(constraint.condition)
            if found := known.first():
                return found
    return None


def _strengthen(twin: Any, row: Any) -> None:
    """Of two levels the higher one stays."""
    if getattr(row, "level", None) is not None and (twin.level or 0) < row.level:
        twin.level = row.level
        twin.save(update_fields=["level"])
