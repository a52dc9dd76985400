"""The programmes of the demo's schools, with six years of figures; one a body is without."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from silian.demo.cast.founding import Founded, code
from silian.demo.market.positions import CATALOGUE
from silian.education.programmes.models import Programme, YearFigure
from silian.governance.members.models import Organisation
from silian.kernel.codes.models import Code, CodeList

FACTS = tomllib.loads((Path(__file__).parent / "data" / "programmes.toml").read_text())
LEVELS = {
    "2": Programme.Level.VOCATIONAL_BACHELOR,
    "3": Programme.Level.VOCATIONAL_BACHELOR,
    "4": Programme.Level.COLLEGE,
    "5": Programme.Level.COLLEGE,
    "6": Programme.Level.SECONDARY,
    "7": Programme.Level.SECONDARY,
}
LENGTHS = {
    Programme.Level.SECONDARY: 3,
    Programme.Level.COLLEGE: 3,
    Programme.Level.VOCATIONAL_BACHELOR: 4,
    Programme.Level.BACHELOR: 4,
}
YEARS = 6


def add_programmes(body: Founded, today: date) -> None:
    """Those of the body's schools that no body before it has filled."""
    draw = Random(f"programmes {body.consortium.slug}")  # noqa: S311  the demo's dice
    schools = [unit for unit in body.units if unit.is_school]
    known = set(Programme.objects.filter(school__in=schools).values_list("school", flat=True))
    rows: list[Programme] = []
    for school in schools:
        if school.pk not in known:
            keys = FACTS["schools"].get(school.name_zh) or FACTS["kinds"][school.kind]
            rows += [programme_of(school, key, draw) for key in keys]
    Programme.objects.bulk_create(rows)
    add_occupations(rows)
    add_clusters(body, rows, draw)
    silent = rows[-1:]  # nobody has said anything about it yet
    YearFigure.objects.bulk_create(
        figure for row in rows if row not in silent for figure in figures_of(row, today, draw)
    )


def programme_of(school: Organisation, key: str, draw: Random) -> Programme:
    opened = 2004 + draw.randrange(14)
    if key in FACTS["bachelors"]:
        name_zh, name_en, _occupations = FACTS["bachelors"][key]
        level, entry = Programme.Level.BACHELOR, None
    else:
        entry = code(CodeList.Kind.PROGRAMME, key)
        level, name_zh, name_en = LEVELS[key[0]], entry.name_zh, entry.name_en
    return Programme(
        school=school,
        code=entry,
        level=level,
        name_zh=name_zh,
        name_en=name_en,
        years=LENGTHS[level],
        opened=opened,
    )


@cache
def trained_for() -> dict[str, list[str]]:
    """Occupations by programme: those of the positions that name the programme as fitting."""
    found: dict[str, list[str]] = {}
    for fact in CATALOGUE["positions"].values():
        for programme in fact["programmes"]:
            found.setdefault(programme, []).append(fact["occupation"])
    return found


def occupations_of(row: Programme) -> list[Code]:
    outside = {zh: codes for zh, _en, codes in FACTS["bachelors"].values()}
    values = trained_for().get(row.code.code, []) if row.code else outside[row.name_zh]
    return [code(CodeList.Kind.OCCUPATION, value) for value in dict.fromkeys(values)]


def add_occupations(rows: list[Programme]) -> None:
    link = Programme.occupations.through
    link.objects.bulk_create(
        link(programme_id=row.pk, code_id=one.pk) for row in rows for one in occupations_of(row)
    )


def add_clusters(body: Founded, rows: list[Programme], draw: Random) -> None:
    clusters = list(body.consortium.clusters.all())
    link = Programme.clusters.through
    link.objects.bulk_create(
        link(programme_id=row.pk, cluster_id=draw.choice(clusters).pk) for row in rows
    )


def figures_of(row: Programme, today: date, draw: Random) -> list[YearFigure]:
    """A steady, growing or shrinking intake; those who leave are those who came, less a few.

    The school year begins in September: before it this year's intake is not known.
    """
    intake, trend = draw.randrange(45, 190), draw.choice([0.93, 0.98, 1.02, 1.06, 1.1])
    last = today.year - (0 if today.month >= 10 else 1)
    first = last - YEARS + 1
    found = []
    for year in range(first, last + 1):
        enrolled = round(intake * trend ** (year - first) * draw.uniform(0.94, 1.06))
        came = intake * trend ** (year - first - row.years) * draw.uniform(0.9, 0.97)
        found.append(YearFigure(programme=row, year=year, enrolled=enrolled, graduated=round(came)))
    return found
