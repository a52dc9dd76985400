from silian.education.reviewing import services
from silian.education.reviewing.models import Review
from silian.education.standards.models import Edition
from silian.education.standards.tests.factories import make_edition
from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodies.tests.factories import make_appointment, make_body
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_staff
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user


def make_committee(consortium: Consortium, members: int = 3) -> Body:
    """A committee that works, of members with accounts, the first its chair."""
    body = make_body(consortium, "specialty_committee", state=Body.State.RUNNING)
    for number in range(members):
        user = make_user()
        role = body.kind.roles.get(name_zh="委员" if number else "主任")
        make_appointment(body, user.name, user=user, role=role, sole=role.sole)
    return body


def make_review(edition: Edition | None = None, body: Body | None = None) -> Review:
    edition = edition or make_edition()
    body = body or make_committee(edition.standard.consortium)
    by = make_staff(edition.standard.programme.school)
    day = clock.today().replace(year=clock.today().year + 1)
    return services.hand_in(edition, body, due_on=day, by=by)


def members(body: Body) -> list[Appointment]:
    return list(body.appointments.select_related("user").order_by("pk"))
