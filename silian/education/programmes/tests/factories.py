from itertools import count

from silian.education.programmes.models import Programme, YearFigure
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_organisation

numbers = count(1)


def make_school(**fields: object) -> Organisation:
    return make_organisation(Organisation.Kind.COLLEGE, **fields)


def make_programme(school: Organisation | None = None, **fields: object) -> Programme:
    number = next(numbers)
    facts: dict[str, object] = {"level": Programme.Level.COLLEGE, "years": 3}
    facts |= {"name_zh": f"专业{number}", "name_en": f"Programme {number}"}
    return Programme.objects.create(school=school or make_school(), **(facts | fields))


def make_figure(programme: Programme, year: int, **fields: object) -> YearFigure:
    facts = {"enrolled": 120, "graduated": 98} | fields
    return YearFigure.objects.create(programme=programme, year=year, **facts)
