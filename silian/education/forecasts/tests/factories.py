from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from silian.education.programmes.models import Programme, YearFigure
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_membership, make_organisation
from silian.kernel.codes.models import Code

numbers = count(1)


def make_school_programme(
    consortium: Consortium,
    occupations: Iterable[Code] = (),
    figures: Mapping[int, tuple[int | None, int | None]] | None = None,
    **fields: Any,
) -> Programme:
    """A programme of a member school: ``figures`` are entrants and graduates by year."""
    school = fields.pop("school", None)
    if school is None:
        school = make_organisation(Organisation.Kind.COLLEGE)
        make_membership(consortium, school)
    number = next(numbers)
    facts = {
        "level": "college",
        "years": 3,
        "name_zh": f"专业{number}",
        "name_en": f"Programme {number}",
    }
    programme = Programme.objects.create(school=school, **(facts | fields))
    programme.occupations.set(occupations)
    YearFigure.objects.bulk_create(
        YearFigure(programme=programme, year=year, enrolled=entered, graduated=left)
        for year, (entered, left) in (figures or {}).items()
    )
    return programme


def steady(last: int, entrants: int = 50, graduates: int = 45) -> dict[int, tuple[int, int]]:
    """Six years without change."""
    return dict.fromkeys(range(last - 5, last + 1), (entrants, graduates))
