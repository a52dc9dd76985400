"""What a school says about its programmes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.programmes.models import Programme, YearFigure
from silian.governance.consortia.models import Cluster
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.codes.models import Code

# The first digit of the catalogue of 2021 says the level.
DIGITS = {
    Programme.Level.SECONDARY: "67",
    Programme.Level.COLLEGE: "45",
    Programme.Level.VOCATIONAL_BACHELOR: "23",
}
Numbers = tuple[int | None, int | None]  # new students, graduates


def fits(code: Code | None, level: str) -> bool:
    """Does a code of the catalogue of vocational education belong to ``level``?"""
    return code is None or code.code[:1] in DIGITS.get(Programme.Level(level), "")


@transaction.atomic
def save_programme(
    programme: Programme,
    *,
    occupations: Iterable[Code],
    clusters: Iterable[Cluster] | None = None,
    by: User,
) -> Programme:
    """Keep a new or changed programme; ``clusters`` of None leaves them as they are."""
    action = gettext_noop("Programme changed") if programme.pk else gettext_noop("Programme added")
    programme.save()
    programme.occupations.set(occupations)
    if clusters is not None:
        programme.clusters.set(clusters)
    record(programme, action, by=by)
    return programme


@transaction.atomic
def enter_programmes(rows: Sequence[Mapping[str, Any]], *, school: Organisation, by: User) -> int:
    """Add those that the school does not have, bring the others up to date."""
    known = {(one.level, one.name_zh): one for one in school.programmes.all()}
    for row in rows:
        facts = dict(row)
        occupations = facts.pop("occupations")
        one = known.get((facts["level"], facts["name_zh"])) or Programme(school=school)
        for name, value in facts.items():
            setattr(one, name, value)
        save_programme(one, occupations=occupations, by=by)
    return len(rows)


@transaction.atomic
def set_figures(programme: Programme, figures: Mapping[int, Numbers], *, by: User) -> None:
    """Keep what ``figures`` says of each year; a year without numbers has no row."""
    empty = [year for year, numbers in figures.items() if numbers == (None, None)]
    programme.figures.filter(year__in=empty).delete()
    said = {year: numbers for year, numbers in figures.items() if year not in empty}
    _write([(programme, year, numbers) for year, numbers in said.items()])
    record(programme, gettext_noop("Figures entered"), by=by, years=sorted(figures))


@transaction.atomic
def enter_figures(
    rows: Sequence[tuple[Programme, int, Numbers]], *, school: Organisation, by: User
) -> int:
    """Figures of a whole school at once: what is known of a year is overwritten."""
    _write(rows)
    years = sorted({year for _programme, year, _numbers in rows})
    record(school, gettext_noop("Figures of programmes imported"), by=by, years=years)
    return len(rows)


def _write(rows: Iterable[tuple[Programme, int, Numbers]]) -> None:
    YearFigure.objects.bulk_create(
        [
            YearFigure(programme=programme, year=year, enrolled=enrolled, graduated=graduated)
            for programme, year, (enrolled, graduated) in rows
        ],
        update_conflicts=True,
        unique_fields=["programme", "year"],
        update_fields=["enrolled", "graduated"],
    )


@transaction.atomic
def close_programme(programme: Programme, *, year: int, reason: str, by: User) -> None:
    """From ``year`` on it takes no new students; who is in it goes on to the end."""
    programme.closed = year
    programme.save(update_fields=["closed"])
    record(programme, gettext_noop("Programme closed"), by=by, year=year, why=reason)


@transaction.atomic
def reopen_programme(programme: Programme, *, by: User) -> None:
    programme.closed = None
    programme.save(update_fields=["closed"])
    record(programme, gettext_noop("Programme reopened"), by=by)
