"""Making one organisation of two records: every row that points at one points at the other.

Which tables point at organisations is asked of the models themselves, so that an app that is added
later is not forgotten. What the database does not let go (a second membership of one consortium, a
ledger that never changes) stops the merger and is told; nothing is lost either way.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.db import DatabaseError, connection, models, transaction
from django.utils.translation import gettext_noop

from silian.governance.directory.models import Former
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import IllegalMove

SAMPLES = 3  # rows by which an obstacle is told


@dataclass(frozen=True)
class Link:
    """A column that points at organisations."""

    model: type[models.Model]
    column: str

    @property
    def key(self) -> str:
        return f"{self.model._meta.label}.{self.column}"

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def rows(self, organisation: Organisation) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(**{self.column: organisation}).order_by("pk")


@dataclass(frozen=True)
class Obstacle:
    """Rows that cannot be moved as they are."""

    name: str
    count: int
    samples: list[str]


@dataclass(frozen=True)
class Preview:
    """What a merger would do: how many rows of which kind move, and what stands against it."""

    moving: list[tuple[str, int]]
    obstacles: list[Obstacle]


class CannotMerge(Exception):
    def __init__(self, obstacles: list[Obstacle]) -> None:
        self.obstacles = obstacles
        super().__init__(", ".join(obstacle.name for obstacle in obstacles))


def links() -> Iterator[Link]:
    """Every column of every table that points at organisations."""
    for relation in Organisation._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield Link(relation.related_model, relation.field.name)


def preview(former: Organisation, into: Organisation) -> Preview:
    """Try it, and take it back."""
    with transaction.atomic():
        moved, obstacles = _repoint(former, into)
        transaction.set_rollback(True)
    counts: dict[str, int] = defaultdict(int)
    names = {link.key: link.name for link in links()}
    for key, rows in moved.items():
        counts[names[key]] += len(rows)
    return Preview(sorted(counts.items()), obstacles)


@transaction.atomic
def merge(
    former: Organisation, into: Organisation, *, by: User, reason: str, taking: list[str]
) -> Former:
    """Let ``former`` live on in ``into``, which takes the columns ``taking`` from it.

    Raises CannotMerge where rows cannot be moved; then nothing has changed.
    """
    _hold(former, into)
    facts = _facts(former)
    moved, obstacles = _repoint(former, into)
    if obstacles:
        raise CannotMerge(obstacles)
    taken = {name: [_plain(into, name), facts[name]] for name in taking}
    former.delete()
    _set(into, {name: after for name, (_before, after) in taken.items()})
    kept = Former.objects.create(
        pk=facts["id"],
        organisation=into,
        name=facts["name_zh"],
        facts=facts,
        moved=moved,
        taken=taken,
        reason=reason,
        by=by,
    )
    counts = {key: len(rows) for key, rows in moved.items()}
    action = gettext_noop("Another record of it merged into this one")
    record(into, action, by=by, name=kept.name, why=reason, **{"moved": counts})
    return kept


@transaction.atomic
def part(kept: Former, *, by: User) -> Organisation:
    """Take a merger back: the former record stands again, with the rows that it had."""
    into = Organisation.objects.select_for_update().get(pk=kept.organisation_id)
    for name, (before, after) in kept.taken.items():
        if _plain(into, name) == after:  # what was changed since stays
            _set(into, {name: before})
    row = {"model": Organisation._meta.label_lower, "pk": kept.facts["id"]}
    fields = {name: value for name, value in kept.facts.items() if name != "id"}
    (restored,) = serializers.deserialize("python", [row | {"fields": fields}])
    restored.save()
    former = Organisation.objects.get(pk=kept.pk)
    by_key = {link.key: link for link in links()}
    for key, rows in kept.moved.items():
        link = by_key[key]
        link.rows(into).filter(pk__in=rows).update(**{link.column: former})
    kept.delete()
    record(former, gettext_noop("Merger taken back"), by=by, name=into.name_zh)
    return former


def _repoint(
    former: Organisation, into: Organisation
) -> tuple[dict[str, list[int]], list[Obstacle]]:
    """Move what can be moved; tell of the rest. To be rolled back where there is any."""
    moved: dict[str, list[int]] = {}
    obstacles: list[Obstacle] = []
    if into.parent_id == former.pk:
        Organisation.objects.filter(pk=into.pk).update(parent=None)
    for link in links():
        rows = link.rows(former)
        keys = list(rows.values_list("pk", flat=True))
        if not keys:
            continue
        if _moves(rows, link.column, into):
            moved[link.key] = keys
        else:
            samples = [str(row) for row in rows[:SAMPLES]]
            obstacles.append(Obstacle(link.name, len(keys), samples))
    return moved, obstacles


def _moves(rows: models.QuerySet[Any], column: str, into: Organisation) -> bool:
    """Point ``rows`` at ``into``; constraints and triggers of their table have the say."""
    try:
        with transaction.atomic():
            rows.update(**{column: into})
            connection.check_constraints()
    except DatabaseError:
        return False
    return True


def _hold(*both: Organisation) -> None:
    """Keep everybody from pointing at either until the merger is done; both have to be there."""
    keys = {one.pk for one in both}
    held = Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    if {one.pk for one in held} != keys:
        raise IllegalMove("one of the two was merged already")


def _facts(organisation: Organisation) -> dict[str, Any]:
    (row,) = serializers.serialize("python", [organisation])
    return {"id": organisation.pk, **row["fields"]}


def _plain(organisation: Organisation, name: str) -> Any:
    return _facts(organisation)[name]


def _set(organisation: Organisation, values: dict[str, Any]) -> None:
    for name, value in values.items():
        field = Organisation._meta.get_field(name)
        setattr(organisation, getattr(field, "attname", name), value)
    organisation.save()
