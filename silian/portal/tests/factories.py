from collections.abc import Callable
from functools import partial

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.talent.profiles.tests.factories import make_student

Make = Callable[[Consortium], User]


def make_member(kind: str, role: str, consortium: Consortium) -> User:
    """Somebody with ``role`` in a current member of this ``kind``."""
    organisation = make_organisation(kind, name_zh="本单位", name_en="Our unit")
    make_membership(consortium, organisation)
    return make_staff(organisation, role)


def make_pupil(consortium: Consortium) -> User:
    """A student of a member school, with a record and an account."""
    user = make_member(Organisation.Kind.COLLEGE, Role.Kind.STUDENT, consortium)
    make_student(Organisation.objects.get(roles__user=user), user=user)
    return user


def make_expert(consortium: Consortium) -> User:
    user = make_user()
    Role.objects.create(user=user, kind=Role.Kind.EXPERT, consortium=consortium)
    return user


def make_administrator(duty: str, consortium: Consortium) -> User:
    return make_user(duty=duty)


def make_guest(consortium: Consortium) -> User:
    return make_user()


Unit, Kind, Duty = Organisation.Kind, Role.Kind, User.Duty
EVERYONE: dict[str, Make] = {
    "secretary": make_secretary,
    "expert": make_expert,
    "enterprise": partial(make_member, Unit.ENTERPRISE, Kind.MANAGER),
    "enterprise staff": partial(make_member, Unit.ENTERPRISE, Kind.STAFF),
    "hospital": partial(make_member, Unit.HOSPITAL, Kind.MANAGER),
    "school": partial(make_member, Unit.COLLEGE, Kind.MANAGER),
    "teacher": partial(make_member, Unit.COLLEGE, Kind.TEACHER),
    "student": make_pupil,
    "government": partial(make_member, Unit.GOVERNMENT, Kind.MANAGER),
    "park": partial(make_member, Unit.PARK, Kind.MANAGER),
    "association": partial(make_member, Unit.ASSOCIATION, Kind.MANAGER),
    "system": partial(make_administrator, Duty.SYSTEM),
    "security": partial(make_administrator, Duty.SECURITY),
    "audit": partial(make_administrator, Duty.AUDIT),
    "nobody": make_guest,
}
