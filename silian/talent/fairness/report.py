"""Who got which wish, by school, level, gender and region: published with the result.

A count of fewer than five is kept from everybody, and so are as many others as it takes that no
sum in these tables, nor all of them together, give it away. What is kept is not stored either.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _

from silian.engines.disclosure import Sum, unsaid
from silian.engines.matching import Ints
from silian.governance.members.models import Organisation
from silian.kernel.codes.models import Code
from silian.kernel.persons.models import Person

FEW = 5
COUNTS = ("students", "first", "next", "later", "without")  # the others add up to the first
GROUPS = """
    SELECT grouping(o.id, o.kind, coalesce(p.gender, ''), o.region_id), o.id, o.kind,
        coalesce(p.gender, ''), o.region_id, count(*), count(*) FILTER (WHERE g.choice = 1),
        count(*) FILTER (WHERE g.choice IN (2, 3)), count(*) FILTER (WHERE g.choice > 3),
        count(*) FILTER (WHERE g.choice = 0)
    FROM unnest(%s::bigint[], %s::int[]) AS g(list, choice)
    JOIN wishes_wishlist l ON l.id = g.list
    JOIN profiles_student s ON s.id = l.student_id
    JOIN members_organisation o ON o.id = s.school_id
    LEFT JOIN persons_person p ON p.id = s.person_id
    GROUP BY GROUPING SETS ((), (o.id, o.kind, o.region_id), (o.kind), (coalesce(p.gender, '')),
        (o.region_id))
    ORDER BY 1, 2, 3, 4, 5"""
SCHOOL, LEVEL, GENDER, REGION, ALL = 0b0010, 0b1011, 0b1101, 0b1110, 0b1111
BY = {"school": (SCHOOL, 1), "level": (LEVEL, 2), "gender": (GENDER, 3), "region": (REGION, 4)}
Report = dict[str, list[dict[str, Any]]]


def report_of(lists: Ints, choices: Ints) -> Report:
    """The counts of each group, None where one is kept, by what the groups are formed by.

    ``lists`` are the keys of wish lists, ``choices`` which wish of each was fulfilled, 0 for none.
    """
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, [lists.tolist(), choices.tolist()])
        rows = cursor.fetchall()
    counts = np.array([row[5:] for row in rows], np.int64).reshape(-1)
    public = np.repeat([row[0] == ALL for row in rows], len(COUNTS))
    sizes = np.tile([True, False, False, False, False], len(rows))
    hidden = unsaid(counts, list(_sums(rows)), public, FEW, dear=sizes)
    said = [None if kept else int(it) for it, kept in zip(counts, hidden, strict=True)]
    width = len(COUNTS)
    shown = [
        (row, dict(zip(COUNTS, said[n * width : (n + 1) * width], strict=True)))
        for n, row in enumerate(rows)
    ]
    return {
        by: [{"key": row[column], **told} for row, told in shown if row[0] == level]
        for by, (level, column) in {**BY, "all": (ALL, 0)}.items()
    }


def _sums(rows: list[tuple[Any, ...]]) -> Iterator[Sum]:
    """All that anybody can add up: along each row, and from groups to what they make up."""
    width = len(COUNTS)
    for row in range(len(rows)):
        yield Sum(row * width, tuple(range(row * width + 1, (row + 1) * width)))
    for whole, parts in _made_of(rows):
        for column in range(width):
            yield Sum(whole * width + column, tuple(part * width + column for part in parts))


def _made_of(rows: list[tuple[Any, ...]]) -> Iterator[tuple[int, list[int]]]:
    """Each row that others make up: all students by each table, levels and regions by schools."""
    groups = {by: [n for n, row in enumerate(rows) if row[0] == it] for by, (it, _c) in BY.items()}
    for whole in (n for n, row in enumerate(rows) if row[0] == ALL):
        yield from ((whole, parts) for parts in groups.values())
    for by in ("level", "region"):
        column = BY[by][1]
        for whole in groups[by]:
            key = rows[whole][column]
            yield whole, [n for n in groups["school"] if rows[n][column] == key]


def named(report: Report) -> list[tuple[str, list[dict[str, Any]]]]:
    """The report in reading language: a heading, and the groups with their names; last, all."""
    schools = Organisation.objects.in_bulk(_keys(report.get("school", ())))
    regions = Code.objects.in_bulk(_keys(report.get("region", ())))
    genders, kinds = dict(Person.Gender.choices), dict(Organisation.Kind.choices)
    names = {
        "school": (_("By school"), lambda key: schools[key].name),
        "level": (_("By kind of school"), lambda key: kinds[key]),
        "gender": (_("By gender, where given"), lambda key: genders[key]),
        "region": (_("By region of the school"), lambda key: regions[key].name),
    }
    whole = [row | {"name": _("All"), "shares": _shares(row)} for row in report.get("all", ())]
    return [
        (title, [_worded(row, name) for row in report[by]] + whole)
        for by, (title, name) in names.items()
        if report.get(by)
    ]


def _worded(row: dict[str, Any], name: Callable[[Any], Any]) -> dict[str, Any]:
    known = row["key"] not in (None, "")
    return row | {"name": name(row["key"]) if known else _("Not given"), "shares": _shares(row)}


def _shares(row: dict[str, Any]) -> dict[str, int | None]:
    """Of a hundred students of the group, where both numbers are shown."""
    everyone = row["students"]
    told = {name: everyone and row[name] is not None for name in COUNTS[1:]}
    return {name: round(100 * row[name] / everyone) if it else None for name, it in told.items()}


def _keys(rows: Iterable[dict[str, Any]]) -> list[int]:
    return [row["key"] for row in rows if row["key"] is not None]
