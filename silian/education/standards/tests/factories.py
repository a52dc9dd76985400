from itertools import count
from typing import Any

from silian.education.programmes.models import Programme
from silian.education.programmes.tests.factories import make_programme, make_school
from silian.education.standards.models import Edition, Section, Standard, Taught, Unit
from silian.education.standards.sections import shipped
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium, make_membership
from silian.industry.occupations.models import Skill
from silian.kernel import clock

numbers = count(1)


def make_skill(**fields: str) -> Skill:
    number = next(numbers)
    return Skill.objects.create(
        **({"name_zh": f"技能{number}", "name_en": f"Skill {number}"} | fields)
    )


def make_standard(
    consortium: Consortium | None = None, programme: Programme | None = None, **fields: object
) -> Standard:
    """A course standard of a member school, without an edition."""
    consortium = consortium or make_consortium()
    if programme is None:
        programme = make_programme(make_membership(consortium, make_school()).organisation)
    number = next(numbers)
    facts: dict[str, Any] = {"title_zh": f"课程标准{number}", "title_en": f"Course {number}"}
    facts |= {"kind": Standard.Kind.COURSE}
    return Standard.objects.create(consortium=consortium, programme=programme, **(facts | fields))


def make_edition(standard: Standard | None = None, state: str = "draft", **fields: Any) -> Edition:
    """An edition that says all it must and adds up, in any state."""
    standard = standard or make_standard()
    number = fields.pop("number", standard.editions.count() + 1)
    edition = Edition.objects.create(
        standard=standard, number=number, **({"hours": 64, "credits": 4} | fields)
    )
    Section.objects.bulk_create(
        Section(edition=edition, kind=kind.key, text=f"{kind.name_en} text")
        for kind in shipped()[standard.kind]
    )
    for order in (1, 2):
        unit = make_unit(edition, order=order)
        Taught.objects.create(unit=unit, skill=make_skill(), level=3)
    return in_state(edition, state)


def make_unit(edition: Edition, **fields: object) -> Unit:
    number = next(numbers)
    facts: dict[str, Any] = {"title_zh": f"单元{number}", "title_en": f"Unit {number}"}
    facts |= {"theory_hours": 8, "practice_hours": 24, "credits": 2}
    facts |= {"order": edition.units.count() + 1}
    return Unit.objects.create(edition=edition, **(facts | fields))


def in_state(edition: Edition, state: str) -> Edition:
    """``edition`` as it stands after its story; the story itself is other tests' matter."""
    if state != Edition.State.DRAFT:
        facts: dict[str, Any] = {"state": state}
        if state in Edition.PUBLIC:
            facts["published_on"] = clock.today()
        Edition.objects.filter(pk=edition.pk).update(**facts)
        edition.refresh_from_db()
    return edition
