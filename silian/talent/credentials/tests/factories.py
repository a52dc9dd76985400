from itertools import count

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.talent.credentials import services
from silian.talent.credentials.models import Certificate, Kind, Officer

numbers = count(1)
SCALED = {"x_certificate": ["x1", "x2", "x3"], "contest": ["first", "second", "third"]}


def make_kind(
    consortium: Consortium | None = None, family: str = "skill_level", **fields: object
) -> Kind:
    """What a college certifies; skill levels five to one by default."""
    consortium = consortium or make_consortium()
    number = next(numbers)
    facts: dict[str, object] = {
        "title_zh": f"职业技能等级证书{number}",
        "title_en": f"Skill level certificate {number}",
        "about_zh": "经考核合格。",
        "levels": SCALED.get(family, []),
        "prefix": f"XX{number}",
        "pattern": "{prefix}-{year}-{serial:5}",
    }
    if family == "skill_level":
        facts |= {"levels": ["l5", "l4", "l3", "l2", "l1", "special"], "pattern": ""}
        facts |= {"prefix": f"Y000137{number:06}", "occupation": make_code()}
    if "issuer" not in fields:
        facts["issuer"] = make_organisation(Organisation.Kind.COLLEGE)
        make_membership(consortium, facts["issuer"])  # type: ignore[arg-type]
    return Kind.objects.create(consortium=consortium, family=family, **(facts | fields))


def make_officer(kind: Kind, user: User | None = None) -> User:
    """Somebody who issues for the organisation of ``kind``."""
    user = user or make_staff(kind.issuer)
    Officer.objects.create(consortium=kind.consortium, organisation=kind.issuer, user=user)
    return user


def make_certificate(
    kind: Kind | None = None, person: Person | None = None, **facts: object
) -> Certificate:
    kind = kind or make_kind()
    defaults: dict[str, object] = {"earned_on": clock.today()}
    if kind.levels:
        defaults["level"] = kind.levels[0]
    if kind.family == "training":
        defaults["hours"] = 40
    if kind.family == "contest":
        defaults["event_zh"] = "第三届职业技能大赛"
    holder = services.Holder(person=person or make_person(), **(defaults | facts))  # type: ignore[arg-type]
    return services.issue(kind, [holder], by=None)[0]
