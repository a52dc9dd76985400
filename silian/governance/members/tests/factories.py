from itertools import count

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user

numbers = count(1)


def make_consortium(slug: str = "", **fields: object) -> Consortium:
    number = next(numbers)
    names = {"name_zh": f"联合体{number}", "name_en": f"Consortium {number}"}
    names |= {"short_name_zh": f"联合体{number}", "kind": Consortium.Kind.MUNICIPAL}
    return Consortium.objects.create(slug=slug or f"body-{number}", **(names | fields))


def make_organisation(kind: str = Organisation.Kind.ENTERPRISE, **fields: object) -> Organisation:
    number = next(numbers)
    names = {"name_zh": f"单位{number}", "name_en": f"Organisation {number}"}
    return Organisation.objects.create(kind=kind, **(names | fields))


def make_membership(
    consortium: Consortium, organisation: Organisation | None = None, **fields: object
) -> Membership:
    facts = {"state": Membership.State.ADMITTED, "admitted_on": clock.today()}
    return Membership.objects.create(
        consortium=consortium,
        organisation=organisation or make_organisation(),
        **(facts | fields),
    )


def make_application(
    consortium: Consortium, organisation: Organisation | None = None, **fields: object
) -> Membership:
    """An application that waits for review, made by a member of the organisation's staff."""
    applicant = organisation or make_organisation()
    facts = {"state": Membership.State.APPLIED, "admitted_on": None}
    facts |= {"applied_by": make_staff(applicant), "statement": "We bring machines."}
    return make_membership(consortium, applicant, **(facts | fields))


def make_secretary(consortium: Consortium) -> User:
    user = make_user()
    Role.objects.create(user=user, kind=Role.Kind.SECRETARY, consortium=consortium)
    return user


def make_staff(organisation: Organisation, kind: str = Role.Kind.STAFF) -> User:
    user = make_user()
    Role.objects.create(user=user, kind=kind, organisation=organisation)
    return user
