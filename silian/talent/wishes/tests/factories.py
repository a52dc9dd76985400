from silian.governance.members.models import Membership
from silian.governance.members.tests.factories import make_membership
from silian.governance.roles.models import Role
from silian.kernel.accounts.tests.factories import make_user
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_school, make_student
from silian.talent.rounds import services as rounds
from silian.talent.rounds.models import Round, Seat
from silian.talent.rounds.tests.factories import make_round, make_seat
from silian.talent.wishes import consenting, services
from silian.talent.wishes.models import Wish, WishList


def make_open_round(quotas: tuple[int, ...] = (1, 1), **fields: object) -> Round:
    """A round that is open for wishes, with a seat for each quota."""
    found = make_round(**fields)
    for quota in quotas:
        make_seat(found, quota)
    rounds.open_wishes(found, by=make_user())
    return found


def make_member_student(found: Round, **fields: object) -> Student:
    """A student for whom the round is meant."""
    school = fields.pop("school", None)
    if school is None:
        member = Membership.objects.current().filter(
            consortium=found.consortium, organisation__kind="college"
        )
        first = member.first() or make_membership(found.consortium, make_school())
        school = first.organisation
    student = make_student(school, **fields)  # type: ignore[arg-type]
    if student.user:
        Role.objects.create(user=student.user, kind=Role.Kind.STUDENT, organisation=school)
    return student


def make_wishes(
    found: Round,
    *seats: Seat,
    student: Student | None = None,
    named: bool = True,
    **fields: object,
) -> WishList:
    """The list of a student who wishes for ``seats`` in this order and, where ``named``, lets
    their employers know who it is.
    """
    student = student or make_member_student(found, **fields)
    assert student.user
    for version, seat in enumerate(seats):
        services.add_wish(found, student, seat, version=version, by=student.user)
    wish_list, _new = WishList.objects.get_or_create(round=found, student=student)
    if named:
        consenting.give(wish_list, by=student.user)
    return wish_list


def wish_of(wish_list: WishList, seat: Seat) -> Wish:
    return wish_list.wishes.get(seat=seat)
