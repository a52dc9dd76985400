"""Who got which wish, by school, level, gender and region: published with the result.

A count of fewer than five is kept from everybody, and so is another one wherever the sum would
give it away. What is kept is not stored either.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.kernel.codes.models import Code
from silian.talent.placement.models import Run
from silian.talent.profiles.models import Person
from silian.talent.rounds.models import Round

FEW = 5
COUNTS = ("students", "placed", "first", "third")
GROUPS = """
    WITH granted AS (
        SELECT w.list_id, w."order" FROM placement_grant g JOIN wishes_wish w ON w.id = g.wish_id
        WHERE g.run_id = %s
    )
    SELECT grouping(o.id, o.kind, p.gender, o.region_id), o.id, o.kind, coalesce(p.gender, ''),
        o.region_id, count(*), count(g."order"), count(*) FILTER (WHERE g."order" = 1),
        count(*) FILTER (WHERE g."order" <= 3)
    FROM wishes_wishlist l
    JOIN profiles_student s ON s.id = l.student_id
    JOIN members_organisation o ON o.id = s.school_id
    LEFT JOIN profiles_person p ON p.id = s.person_id
    LEFT JOIN granted g ON g.list_id = l.id
    WHERE l.round_id = %s
    GROUP BY GROUPING SETS ((o.id), (o.kind), (p.gender), (o.region_id))"""
BY = {0b0111: ("school", 1), 0b1011: ("level", 2), 0b1101: ("gender", 3), 0b1110: ("region", 4)}


def fairness_of(found: Round, run: Run) -> dict[str, list[dict[str, Any]]]:
    """The counts of each group, the small ones left out, by what the groups are formed by."""
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, [run.pk, found.pk])
        rows = cursor.fetchall()
    groups: dict[tuple[str, Any], dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    for row in rows:
        by, column = BY[row[0]]
        for name, count in zip(COUNTS, row[5:], strict=True):
            groups[by, row[column]][name] += count
    report: dict[str, list[dict[str, Any]]] = {by: [] for by, _column in BY.values()}
    for (by, key), counts in sorted(groups.items(), key=str):
        report[by].append({"key": key, **counts})
    return {by: _without_small(rows) for by, rows in report.items()}


def _without_small(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """None for each count that is too small, and for one more where only one would be left out."""
    kept: list[dict[str, Any]] = [{"key": row["key"]} for row in rows]
    small_groups = {n for n, row in enumerate(rows) if row["students"] < FEW}
    for name in COUNTS:
        hidden = small_groups | {n for n, row in enumerate(rows) if 0 < row[name] < FEW}
        if len(hidden) == 1 and len(rows) > 1:
            others = [n for n in range(len(rows)) if n not in hidden]
            hidden.add(min(others, key=lambda n: (rows[n][name] == 0, rows[n][name])))
        for number, row in enumerate(rows):
            kept[number][name] = None if number in hidden else row[name]
    return kept


def named(report: dict[str, list[dict[str, Any]]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The report in reading language: a heading, and the groups with their names."""
    schools = Organisation.objects.in_bulk(_keys(report.get("school", ())))
    regions = Code.objects.in_bulk(_keys(report.get("region", ())))
    genders, kinds = dict(Person.Gender.choices), dict(Organisation.Kind.choices)
    names: dict[str, tuple[str, Callable[[Any], object]]] = {
        "school": (_("By school"), lambda key: schools[key].name),
        "level": (_("By kind of school"), lambda key: kinds[key]),
        "gender": (_("By gender, where given"), lambda key: genders[key]),
        "region": (_("By region of the school"), lambda key: regions[key].name),
    }
    return [
        (
            title,
            [
                row | {"name": name(row["key"]) if row["key"] is not None else _("Not given")}
                for row in report[by]
            ],
        )
        for by, (title, name) in names.items()
        if report.get(by)
    ]


def _keys(rows: Iterable[dict[str, Any]]) -> list[int]:
    return [row["key"] for row in rows if row["key"] is not None]
