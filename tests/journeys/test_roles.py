"""Each role opens what it works with, on a desk and on a phone; every page is accessible there."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.members.tests.factories import (
    make_application,
    make_consortium,
    make_membership,
    make_organisation,
)
from silian.governance.plans.tests.factories import make_target, make_task
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.kernel.accounts.models import User
from silian.portal.tests.factories import EVERYONE
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_student
from silian.talent.wishes.tests.factories import make_open_round
from tests.journeys.conftest import OpenPage, Visit

pytestmark = pytest.mark.django_db(transaction=True)

Own = Callable[[Consortium, User], list[str]]
BUSY = ("secretary", "enterprise", "student")
SHARED = "portal:consortium_home members:member_index hall:hall rounds:round_index"


@pytest.fixture
def consortium() -> Consortium:
    """A small body in which something has happened on every page."""
    found = make_consortium("mingshui", name_zh="明水产教联合体", short_name_zh="明水联合体")
    park = make_organisation(Organisation.Kind.PARK, name_zh="明水经济技术开发区管理委员会")
    make_membership(found, park, part=Membership.Part.LEAD_PARK)
    make_application(found)
    make_target(found, task=make_task(found, owner=park))
    for state in (Position.State.PUBLISHED, Position.State.SUBMITTED):
        make_position(found, title_zh="数控设备安装调试技术员", state=state)
    make_open_round((2, 1), consortium=found)
    return found


def side_of(user: User) -> Organisation:
    return Organisation.objects.get(roles__user=user)


def of_secretariat(consortium: Consortium, user: User) -> list[str]:
    names = "demand:position_review rounds:round_new consortia:people".split()
    return [reverse(name, args=[consortium]) for name in names]


def of_enterprise(consortium: Consortium, user: User) -> list[str]:
    firm = side_of(user)
    make_position(consortium, firm, state=Position.State.RETURNED)
    names = "demand:own_positions outlines:begin freshness:confirmations".split()
    own = [reverse(name, args=[consortium]) for name in names]
    own.append(reverse("demand:position_new", args=[consortium, Position.Kind.APPRENTICESHIP]))
    return [*own, reverse("directory:organisation_people", args=[firm.pk])]


def of_school(consortium: Consortium, user: User) -> list[str]:
    school = side_of(user)
    make_student(school)
    roster = reverse("profiles:student_index", args=[school.pk])
    return [roster, reverse("sheets:import", args=["profiles.students", school.pk])]


def of_student(consortium: Consortium, user: User) -> list[str]:
    Student.objects.filter(user=user).update(name="林白露")
    wishes = reverse("wishes:wish_list", args=[consortium, consortium.rounds.get().pk])
    return [wishes, reverse("records:own_record")]


def of_member(consortium: Consortium, user: User) -> list[str]:
    return [reverse("directory:organisation_detail", args=[side_of(user).pk])]


def of_expert(consortium: Consortium, user: User) -> list[str]:
    return [reverse("bodies:body_index", args=[consortium])]


def of_anybody(consortium: Consortium, user: User) -> list[str]:
    return [reverse("accounts:profile")]


OWN: dict[str, Own] = {
    "secretary": of_secretariat,
    "enterprise": of_enterprise,
    "school": of_school,
    "teacher": of_anybody,
    "student": of_student,
    "government": of_member,
    "park": of_member,
    "association": of_member,
    "expert": of_expert,
}


@pytest.mark.parametrize("who", OWN)
def test_a_role_opens_its_pages(
    who: str, consortium: Consortium, open_page: OpenPage, visit: Visit
) -> None:
    """The shared pages differ for three roles; for the others the home stands for them."""
    user = EVERYONE[who](consortium)
    own = [reverse("portal:workspace"), *OWN[who](consortium, user)]
    shared = [reverse(name, args=[consortium]) for name in SHARED.split()]
    shared = shared if who in BUSY else shared[:1]
    for width in (1440, 390):
        page = open_page(user=user, width=width)
        for address in own + shared:
            visit(page, address)
