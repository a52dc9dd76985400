import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.claims.models import Claim
from silian.governance.claims.policy import checkers_of
from silian.governance.claims.services import approve, make_claim
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("licence.pdf", b"%PDF-1.4 proof")


def claimed(organisation: Organisation, user: User) -> Claim:
    facts = {"title": "HR manager", "statement": "I keep our data", "proof": proof()}
    return make_claim(organisation, by=user, **facts)


def fill(**changes: object) -> dict[str, object]:
    return {"title": "HR", "statement": "I work there", "proof": proof()} | changes


def test_a_person_claims_and_the_secretariat_approves() -> None:
    consortium, firm, person = make_consortium(), make_organisation(), make_user()
    make_membership(consortium, firm)
    secretary = make_secretary(consortium)
    page = signed_in(person).get(firm.get_absolute_url())
    assert reverse("claims:claim_new", args=[firm.pk]) in page.text

    answer = signed_in(person).post(reverse("claims:claim_new", args=[firm.pk]), fill())
    claim = Claim.objects.get()
    assert answer.status_code == 302 and claim.state == "submitted" and not claim.disputed
    assert any(todo.count == 1 for todo in todos_of(secretary) if "Claims" in str(todo.label))
    assert Notice.objects.filter(to=secretary).exists()

    desk = signed_in(secretary)
    assert desk.get(reverse("claims:proof", args=[claim.pk])).status_code == 200
    desk.post(reverse("claims:approve", args=[claim.pk]))
    claim.refresh_from_db()
    assert claim.state == "approved"
    assert Role.objects.get(user=person, organisation=firm).kind == "manager"


def test_what_lacks_something_is_told_beside_the_field_and_kept() -> None:
    firm, person = make_organisation(), make_user()
    address = reverse("claims:claim_new", args=[firm.pk])
    page = signed_in(person).post(address, {"title": "Head of HR", "statement": ""})
    assert "This field is required." in page.text and "Head of HR" in page.text
    wrong = SimpleUploadedFile("x.exe", b"MZ")
    page = signed_in(person).post(address, fill(proof=wrong))
    assert page.status_code == 200 and not Claim.objects.exists()


def test_it_is_returned_handed_in_again_and_refused_with_a_reason() -> None:
    firm, person = make_organisation(), make_user()
    claim = claimed(firm, person)
    admin = signed_in(make_user(duty=User.Duty.SYSTEM))
    address = reverse("claims:answer", args=[claim.pk, "return"])
    admin.post(address, {"reason": ""})
    claim.refresh_from_db()
    assert claim.state == "submitted", "no reason, no answer"
    admin.post(address, {"reason": "The seal is missing"})
    page = signed_in(person).get(reverse("claims:resubmit", args=[claim.pk]))
    assert "The seal is missing" in page.text
    again = {"title": "HR", "statement": "With the seal"}
    signed_in(person).post(reverse("claims:resubmit", args=[claim.pk]), again)
    claim.refresh_from_db()
    assert (claim.state, claim.statement) == ("submitted", "With the seal")
    admin.post(reverse("claims:answer", args=[claim.pk, "refuse"]), {"reason": "Not yours"})
    claim.refresh_from_db()
    assert (claim.state, claim.answer) == ("refused", "Not yours")
    assert not Role.objects.filter(user=person).exists()


def test_strangers_cannot_tell_that_there_is_a_claim() -> None:
    consortium, firm, person = make_consortium(), make_organisation(), make_user()
    make_membership(consortium, firm)
    claim = claimed(firm, person)
    for user in (make_user(), make_staff(firm), make_secretary(make_consortium())):
        client = signed_in(user)
        for name in ("claim_detail", "proof", "resubmit"):
            assert client.get(reverse(f"claims:{name}", args=[claim.pk])).status_code == 404
        for name in ("approve", "withdraw"):
            assert client.post(reverse(f"claims:{name}", args=[claim.pk])).status_code == 404


def test_nobody_checks_their_own_claim() -> None:
    consortium, firm = make_consortium(), make_organisation()
    make_membership(consortium, firm)
    secretary = make_secretary(consortium)
    claim = claimed(firm, secretary)
    address = reverse("claims:approve", args=[claim.pk])
    assert signed_in(secretary).post(address).status_code == 403
    assert not [todo for todo in todos_of(secretary) if "Claims" in str(todo.label)]


def test_one_claim_at_a_time() -> None:
    firm, person = make_organisation(), make_user()
    claimed(firm, person)
    address = reverse("claims:claim_new", args=[firm.pk])
    assert signed_in(person).get(address).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        claimed(firm, person)


def test_a_manager_is_told_of_a_claim_and_it_is_marked() -> None:
    firm, person = make_organisation(), make_user()
    manager = make_staff(firm, Role.Kind.MANAGER)
    page = signed_in(person).get(reverse("claims:claim_new", args=[firm.pk]))
    assert "It has a manager already" in page.text
    assert claimed(firm, person).disputed
    assert Notice.objects.filter(to=manager).exists()
    assert signed_in(manager).get(reverse("claims:claim_new", args=[firm.pk])).status_code == 403


def test_without_a_consortium_the_region_checks_and_else_the_administrator() -> None:
    county = make_code("region", "330303")
    consortium = make_consortium(region=county)
    secretary, admin = make_secretary(consortium), make_user(duty=User.Duty.SYSTEM)
    near, far = make_organisation(region=county), make_organisation()
    assert list(checkers_of(near)) == [secretary]
    assert list(checkers_of(far)) == [admin]


def test_the_list_takes_the_same_queries_however_long() -> None:
    admin = signed_in(make_user(duty=User.Duty.SYSTEM))
    address = reverse("claims:claim_index")
    claimed(make_organisation(), make_user())
    admin.get(address)  # the first request opens the session
    counts = []
    for more in (0, 29):
        for _number in range(more):
            claimed(make_organisation(), make_user())
        with CaptureQueriesContext(connection) as found:
            assert admin.get(address).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_an_approved_claim_stays_so() -> None:
    claim = claimed(make_organisation(), make_user())
    admin = make_user(duty=User.Duty.SYSTEM)
    approve(claim, by=admin)
    answer = signed_in(admin).post(
        reverse("claims:answer", args=[claim.pk, "refuse"]), {"reason": "x"}
    )
    assert answer.status_code == 403
