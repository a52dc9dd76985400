"""Two skills that mean the same become one: whatever pointed to the double points to the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from silian.industry.occupations.models import Skill, Synonym, Term


def repoint(double: Skill, keeper: Skill) -> int:
    """Let every row of every app that names ``double`` name ``keeper``; return how many did."""
    with _merging():
        return sum(_repoint_rows(model, field, double, keeper) for model, field in _uses())


def is_used(skill: Skill) -> bool:
    """Does any row of any app name ``skill``?"""
    return any(
        model._base_manager.filter(**{field.name: skill}).exists() for model, field in _uses()
    )


@contextmanager
def _merging() -> Iterator[None]:
    """Tells triggers that keep rows as they are that only what a skill is called changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('silian.merging', 'on', true)")
        yield
        cursor.execute("SELECT set_config('silian.merging', 'off', true)")


def _uses() -> Iterator[tuple[Any, Any]]:
    """Each model with a key to a skill, and that key; the skill's own words are not meant."""
    for relation in Skill._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many:
            model: Any = relation.related_model
            if model not in (Term, Synonym) and not model._meta.auto_created:
                yield model, relation.field  # type: ignore[union-attr]


def _repoint_rows(model: Any, field: Any, double: Skill, keeper: Skill) -> int:
    rows = list(
        model._base_manager.select_for_update().filter(**{field.name: double}).order_by("pk")
    )
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
