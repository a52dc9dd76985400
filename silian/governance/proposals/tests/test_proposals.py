from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.bodies.models import Body
from silian.governance.bodies.tests.factories import make_body, make_proposal
from silian.governance.bodykinds.models import Kind
from silian.governance.charters.tests.factories import other_todos
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.proposals import services
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.search.services import find
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
SUBMITTED = {"state": "submitted"}


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def firm(consortium: Consortium) -> Organisation:
    return make_membership(consortium).organisation


@pytest.fixture
def staff(firm: Organisation) -> User:
    return make_staff(firm)


@pytest.fixture
def applicant(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def secretary(consortium: Consortium) -> User:
    return make_secretary(consortium)


@pytest.fixture
def submitted(consortium: Consortium, firm: Organisation, staff: User) -> Body:
    return make_proposal(consortium, firm, by=staff, state="submitted")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def expert_of(consortium: Consortium) -> User:
    user = make_user()
    Role.objects.create(user=user, kind=Role.Kind.EXPERT, consortium=consortium)
    return user


def page(body: Body, name: str = "proposal_detail", *args: object) -> str:
    return reverse(f"proposals:{name}", args=[body.consortium, body.pk, *args])


def new(consortium: Consortium, kind: str = "phd_station") -> str:
    return reverse("proposals:proposal_new", args=[consortium]) + f"?kind={kind}"


def typed(firm: Organisation, **fields: object) -> dict[str, object]:
    facts = {"host": firm.pk, "name_zh": "明水博士创新站", "plan": "攻关两项"}
    facts |= {"answer_team": "王博士", "answer_agreement_years": 3, "answer_topics": "电池"}
    return facts | fields


def test_only_kinds_that_the_firm_may_host_are_offered(
    applicant: Client, consortium: Consortium
) -> None:
    Kind.objects.filter(code="craftsmen").update(is_open=False)
    text = applicant.get(reverse("proposals:proposal_new", args=[consortium])).text
    assert "PhD innovation station" in text
    assert "Specialty teaching committee" not in text  # of schools
    assert "craftsmen" not in text  # closed
    answer = applicant.get(new(consortium, "specialty_committee"))
    assert "What do you want to host?" in answer.text


def test_a_firm_keeps_a_draft_and_hands_it_in(
    applicant: Client, consortium: Consortium, firm: Organisation, secretary: User
) -> None:
    helper = make_membership(consortium).organisation
    applicant.post(new(consortium), typed(firm, plan="", co_builders=[helper.pk]))
    body = Body.objects.get()
    assert (body.state, body.answers["agreement_years"]) == ("draft", 3)
    assert client_of(secretary).get(page(body)).status_code == 404  # not handed in
    assert client_of(make_staff(helper)).get(page(body)).status_code == 404
    assert applicant.post(page(body, "act", "submit")).status_code == 403

    edit = page(body, "proposal_edit")
    answer = applicant.post(edit, typed(firm, plan="", name_en="Station", submit="1"))
    assert "Needed before the application can be handed in." in answer.text
    assert "Station" in answer.text
    applicant.post(edit, typed(firm, submit="1"))

    body.refresh_from_db()
    assert (body.state, body.applied_by) == (
        "submitted",
        User.objects.get(roles__organisation=firm),
    )
    assert Notice.objects.filter(to=secretary, url=page(body)).exists()
    assert client_of(secretary).get(page(body)).status_code == 200


def test_answers_are_checked_beside_their_field(
    applicant: Client, consortium: Consortium, firm: Organisation
) -> None:
    make_body(consortium, name_zh="明水博士创新站")
    answer = applicant.post(new(consortium), typed(firm, answer_agreement_years=1))
    assert "There is a body of this name already." in answer.text
    assert "greater than or equal to 2" in answer.text
    assert not Body.objects.filter(applied_by__isnull=False).exists()


def test_an_application_is_no_body_yet(submitted: Body, applicant: Client) -> None:
    consortium = submitted.consortium
    stranger = Client()
    assert (
        stranger.get(reverse("bodies:body_detail", args=[consortium, submitted.pk])).status_code
        == 404
    )
    assert (
        submitted.name_en not in applicant.get(reverse("bodies:body_index", args=[consortium])).text
    )
    assert submitted.name_en not in stranger.get(submitted.host.get_absolute_url()).text
    assert not len(find(make_user(), submitted.name_zh))
    assert submitted.get_absolute_url() == page(submitted)


def test_those_concerned_see_it_and_nobody_else(submitted: Body, consortium: Consortium) -> None:
    helper = make_organisation()
    submitted.co_builders.add(helper)
    inside = [make_staff(helper), make_secretary(consortium), expert_of(consortium)]
    outside = [make_user(), make_staff(make_organisation()), make_secretary(make_consortium())]
    index = reverse("proposals:proposal_index", args=[consortium])
    for user in inside:
        assert client_of(user).get(page(submitted)).status_code == 200
        assert submitted.name_en in client_of(user).get(index).text
    for user in outside:
        assert client_of(user).get(page(submitted)).status_code == 404
        assert submitted.name_en not in client_of(user).get(index).text
    assert Client().get(page(submitted)).status_code == 302


@pytest.mark.parametrize("verb", ["accept", "return", "refuse"])
def test_only_the_secretariat_decides(submitted: Body, verb: str, staff: User) -> None:
    helper = make_organisation()
    submitted.co_builders.add(helper)
    for user in (staff, make_staff(helper), expert_of(submitted.consortium)):
        assert (
            client_of(user).post(page(submitted, "act", verb), {"reason": "x"}).status_code == 403
        )
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_reviewers_speak_freely_and_not_of_their_own(submitted: Body, staff: User) -> None:
    expert = expert_of(submitted.consortium)
    assert other_todos(expert)[0].label.endswith("wait for your opinion")
    client = client_of(expert)
    assert "Give a reason" not in client.get(page(submitted)).text
    answer = client.post(page(submitted, "opinion"), {"view": "accept"})
    assert "This field is required." in answer.text
    client.post(page(submitted, "opinion"), {"view": "accept", "reason": "Sound team"})
    assert not other_todos(expert)
    assert "Sound team" in client_of(make_secretary(submitted.consortium)).get(page(submitted)).text
    assert "Sound team" not in client_of(staff).get(page(submitted)).text

    Role.objects.create(user=staff, kind=Role.Kind.EXPERT, consortium=submitted.consortium)
    answer = client_of(staff).post(page(submitted, "opinion"), {"view": "accept", "reason": "x"})
    assert "own organisation" in answer.text


def test_what_is_accepted_is_public_as_planned(
    submitted: Body, staff: User, secretary: User
) -> None:
    [todo] = other_todos(secretary)
    assert todo.label == "Applications for bodies to review"
    client_of(secretary).post(page(submitted, "act", "accept"))
    submitted.refresh_from_db()
    assert submitted.state == "planned"
    answer = Client().get(submitted.get_absolute_url())
    assert answer.status_code == 200
    assert "Dr Wang" not in answer.text  # of the team only those concerned read
    assert "Batteries" in answer.text
    assert Notice.objects.filter(to=staff, message__contains="was accepted").exists()
    assert "Found “" in other_todos(secretary)[0].label
    assert client_of(staff).get(page(submitted)).status_code == 200


def test_what_is_returned_is_changed_and_sent_again(
    submitted: Body, applicant: Client, staff: User, secretary: User, firm: Organisation
) -> None:
    decide = client_of(secretary)
    decide.post(page(submitted, "act", "return"), {"reason": " "})
    submitted.refresh_from_db()
    assert submitted.state == "submitted"  # no reason was given
    decide.post(page(submitted, "act", "return"), {"reason": "Name the money"})
    assert "Name the money" in applicant.get(page(submitted)).text
    [todo] = other_todos(staff)
    assert todo.url == page(submitted)
    applicant.post(page(submitted, "proposal_edit"), typed(firm, plan="With money", submit="1"))
    submitted.refresh_from_db()
    assert (submitted.state, submitted.plan) == ("submitted", "With money")
    assert Notice.objects.filter(to=secretary, message__contains="has changed").exists()


def test_a_refused_name_is_free_again(
    submitted: Body, applicant: Client, secretary: User, firm: Organisation
) -> None:
    client_of(secretary).post(page(submitted, "act", "refuse"), {"reason": "No team"})
    submitted.refresh_from_db()
    assert (submitted.state, submitted.answer) == ("refused", "No team")
    assert applicant.post(page(submitted, "act", "submit")).status_code == 403
    applicant.post(new(submitted.consortium), typed(firm, name_zh=submitted.name_zh))
    assert Body.objects.filter(name_zh=submitted.name_zh).count() == 2


def test_an_applicant_may_withdraw(submitted: Body, applicant: Client, secretary: User) -> None:
    assert client_of(secretary).post(page(submitted, "act", "withdraw")).status_code == 403
    applicant.post(page(submitted, "act", "withdraw"))
    submitted.refresh_from_db()
    assert submitted.state == "withdrawn"
    assert applicant.post(page(submitted, "act", "nothing")).status_code == 404


def test_a_change_that_comes_too_late_is_refused(
    consortium: Consortium, firm: Organisation, staff: User
) -> None:
    body = make_proposal(consortium, firm, by=staff)
    late = Body.objects.get(pk=body.pk)
    services.submit(body, by=staff)
    late.plan = "Another plan"
    with pytest.raises(IllegalMove):
        services.save_draft(late, co_builders=[], by=staff)
    body.refresh_from_db()
    assert (body.state, body.plan) == ("submitted", "We solve problems.")


def test_two_who_decide_at_once_decide_once(submitted: Body, secretary: User) -> None:
    late = Body.objects.get(pk=submitted.pk)
    services.accept(submitted, by=secretary)
    with pytest.raises(IllegalMove):
        services.refuse(late, by=secretary, why="x")
    late.refresh_from_db()
    assert late.state == "planned"


def test_only_a_current_member_applies(consortium: Consortium) -> None:
    gone = make_organisation()
    make_membership(consortium, gone, state="suspended")
    for user in (make_user(), make_staff(gone), make_staff(make_organisation())):
        assert client_of(user).get(new(consortium)).status_code == 403


def test_the_database_keeps_who_applies_and_when(consortium: Consortium) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_body(consortium, state="draft")
    host = make_organisation()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_body(consortium, state="submitted", host=host)


def test_the_list_is_filtered_exported_and_asks_as_much_for_thirty(
    consortium: Consortium, secretary: User, staff: User
) -> None:
    index = reverse("proposals:proposal_index", args=[consortium])
    client = client_of(secretary)

    def grow(rows: int) -> int:
        for _ in range(rows):
            host = make_membership(consortium).organisation
            make_proposal(consortium, host, by=staff, state="submitted")
        with CaptureQueriesContext(connection) as queries:
            client.get(index)
        return len(queries)

    client.get(index)
    assert grow(1) == grow(29)
    host = make_membership(consortium).organisation
    old = {"applied_at": clock.now() - timedelta(days=9)}
    refused = make_proposal(consortium, host, by=staff, state="refused", **old)
    assert refused.name_en not in client.get(index, SUBMITTED).text
    assert refused.name_en in client.get(index, {"q": host.name_zh}).text
    assert refused.name_en in client.get(index, {"state": "refused", "export": "csv"}).text
