from itertools import count

from silian.education.programmes.models import Programme
from silian.education.standards.models import Edition, Standard, Taught, Unit
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
)
from silian.industry.occupations.models import Skill
from silian.kernel import clock

numbers = count(1)


def make_programme(consortium: Consortium | None = None, **fields: object) -> Programme:
    """A programme of a school that is a current member of ``consortium``."""
    if "school" not in fields:
        school = make_organisation(Organisation.Kind.COLLEGE)
        fields["school"] = make_membership(consortium or make_consortium(), school).organisation
    facts = {"name_zh": f"专业{next(numbers)}", "level": Programme.Level.COLLEGE}
    return Programme.objects.create(**(facts | fields))


def make_edition(
    consortium: Consortium,
    programme: Programme | None = None,
    *,
    kind: str = "course",
) -> Edition:
    """A draft; ``publish`` it once it has its units."""
    programme = programme or make_programme(consortium)
    standard = Standard.objects.create(
        consortium=consortium, programme=programme, kind=kind, title_zh=f"课程{next(numbers)}"
    )
    return Edition.objects.create(standard=standard, number=1)


def publish(edition: Edition) -> Edition:
    """``edition`` in force; how it came there is other tests' matter."""
    state, today = Edition.State.PUBLISHED, clock.today()
    Edition.objects.filter(pk=edition.pk).update(state=state, published_on=today)
    edition.refresh_from_db()
    return edition


def make_unit(
    edition: Edition | None = None, *, skills: dict[Skill, int] | None = None, **fields: object
) -> Unit:
    """A unit of 16 hours that teaches ``skills``, each to its level."""
    edition = edition or make_edition(make_consortium())
    number = next(numbers)
    facts = {"order": number, "title_zh": f"单元{number}", "theory_hours": 6, "practice_hours": 10}
    unit = Unit.objects.create(edition=edition, **(facts | fields))
    for skill, level in (skills or {}).items():
        Taught.objects.create(unit=unit, skill=skill, level=level)
    return unit
