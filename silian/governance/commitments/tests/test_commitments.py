from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.agreements import succession
from silian.governance.agreements.models import Agreement, Party
from silian.governance.charters.tests.factories import other_todos
from silian.governance.commitments import services
from silian.governance.commitments.models import Commitment, Evidence
from silian.governance.commitments.tests.factories import (
    make_commitment,
    make_evaluation,
    make_signed,
)
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.calendars.events import events_of
from silian.kernel.files.models import StoredFile
from silian.kernel.files.services import store
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
State = Commitment.State
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(commitment: Commitment, verb: str = "") -> str:
    address = commitment.get_absolute_url()
    return f"{address}{verb}/" if verb else address


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("proof.pdf", PDF)


def test_a_commitment_is_entered_reported_and_accepted() -> None:
    agreement = make_signed()
    doer, checker = (party.organisation for party in agreement.party_set.all())
    secretary = signed_in(make_secretary(agreement.consortium))
    facts = {
        "kind": "milestone",
        "owner": doer.pk,
        "checker": checker.pk,
        "title_zh": "实训室验收",
        "criteria_zh": "设备到位并通过验收",
        "due": f"{clock.today() + timedelta(days=20)}",
    }
    new = reverse("commitments:commitment_new", args=[agreement.consortium, agreement.pk])
    assert secretary.post(new, facts).status_code == 302
    commitment = Commitment.objects.get()

    mine = signed_in(make_staff(doer))
    answer = mine.post(url(commitment, "report"), {"text": "已完成"})  # a milestone is shown
    assert answer.status_code == 200 and answer.context["form"].errors.keys() == {"evidence"}
    assert answer.context["form"]["text"].value() == "已完成"
    mine.post(url(commitment, "report"), {"text": "已完成", "evidence": [pdf(), pdf()]})
    commitment.refresh_from_db()
    assert commitment.state == State.REPORTED and commitment.evidence.count() == 2

    signed_in(make_staff(checker)).post(url(commitment, "accept"))
    commitment.refresh_from_db()
    assert commitment.state == State.MET and commitment.settled_on == clock.today()


def test_what_is_returned_is_reported_again() -> None:
    commitment = make_commitment(state=State.REPORTED)
    doer, checker = make_staff(commitment.owner), make_staff(commitment.checker)
    signed_in(checker).post(url(commitment, "return"), {"reason": "缺少签到表"})
    commitment.refresh_from_db()
    assert commitment.state == State.OPEN and commitment.answer == "缺少签到表"
    assert "缺少签到表" in Notice.objects.get(to=doer).text
    assert "缺少签到表" in signed_in(doer).get(url(commitment)).content.decode()
    services.report(commitment, by=doer, text="已补")
    assert commitment.state == State.REPORTED and not commitment.answer


def test_a_verb_without_a_reason_changes_nothing() -> None:
    commitment = make_commitment(state=State.REPORTED)
    checker = signed_in(make_staff(commitment.checker))
    assert checker.post(url(commitment, "return")).status_code == 302
    commitment.refresh_from_db()
    assert commitment.state == State.REPORTED
    assert checker.post(url(commitment, "shout"), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("faults", "field"),
    [
        ({"checker": "owner"}, "checker"),
        ({"kind": "milestone"}, "criteria_zh"),
        ({"due": "soon"}, "due"),
        ({"owner": "stranger"}, "owner"),
    ],
)
def test_wrong_input_is_named_and_kept(faults: dict[str, str], field: str) -> None:
    agreement = make_signed()
    first, second = (party.organisation for party in agreement.party_set.all())
    who = {"owner": first.pk, "stranger": make_organisation().pk}
    facts: dict[str, object] = {"kind": "obligation", "owner": first.pk, "checker": second.pk}
    facts |= {"title_zh": "派出导师", "due": f"{clock.today()}"}
    facts |= {name: who.get(value, value) for name, value in faults.items()}
    new = reverse("commitments:commitment_new", args=[agreement.consortium, agreement.pk])
    answer = signed_in(make_secretary(agreement.consortium)).post(new, facts)
    assert answer.context["form"].errors.keys() == {field}
    assert answer.context["form"]["title_zh"].value() == "派出导师"


def test_owner_checker_secretary_colleague_and_stranger() -> None:
    agreement = make_signed()
    commitment = make_commitment(agreement, state=State.REPORTED)
    proof = Evidence.objects.create(commitment=commitment, file=stored(), by=make_user())
    file = reverse("commitments:evidence_file", args=[agreement.consortium, proof.pk])
    owner, checker = make_staff(commitment.owner), make_staff(commitment.checker)
    secretary = make_secretary(agreement.consortium)
    for user, verbs in ((owner, {}), (checker, {"accept"}), (secretary, {})):
        client = signed_in(user)
        assert client.get(url(commitment)).status_code == 200
        assert client.get(file).status_code == 200
        for verb in ("accept", "waive"):
            status = client.post(url(commitment, verb), {"reason": "x"}).status_code
            assert status == (302 if verb in verbs else 403) or user == checker
    third = make_organisation()  # a party that neither does nor accepts it
    Party.objects.create(agreement=agreement, organisation=third, order=3)
    assert signed_in(make_staff(third)).get(url(commitment)).status_code == 200
    strangers = [make_staff(make_organisation()), make_secretary(make_consortium()), make_user()]
    for user in strangers:
        client = signed_in(user)
        assert client.get(url(commitment)).status_code == 404
        assert client.get(file).status_code == 404
        assert client.post(url(commitment, "accept")).status_code == 404
        page = client.get(agreement.get_absolute_url()).content.decode()
        assert 'id="commitments"' not in page  # the agreement is public, this is not
        new = reverse("commitments:commitment_new", args=[agreement.consortium, agreement.pk])
        assert client.get(new).status_code == 404
    assert Client().get(url(commitment)).status_code == 302


def stored() -> StoredFile:
    return store(pdf(), by=None)


def test_a_party_enters_only_what_it_has_to_do_itself() -> None:
    agreement = make_signed()
    first, second = (party.organisation for party in agreement.party_set.all())
    new = reverse("commitments:commitment_new", args=[agreement.consortium, agreement.pk])
    facts = {"kind": "obligation", "title_zh": "派出导师", "due": f"{clock.today()}"}
    client = signed_in(make_staff(first))
    answer = client.post(new, facts | {"owner": second.pk, "checker": first.pk})
    assert answer.context["form"].errors.keys() == {"owner"}
    client.post(new, facts | {"owner": first.pk, "checker": second.pk})
    assert Commitment.objects.get().owner == first


def test_nothing_is_entered_to_what_is_not_in_force() -> None:
    ended = make_signed(state=Agreement.State.ENDED)
    new = reverse("commitments:commitment_new", args=[ended.consortium, ended.pk])
    assert signed_in(make_secretary(ended.consortium)).get(new).status_code == 403


def test_the_database_knows_who_can_owe_and_accept() -> None:
    agreement = make_signed()
    make_commitment(agreement, owner=make_organisation())
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    connection.set_rollback(True)


def test_nobody_accepts_its_own_work() -> None:
    agreement = make_signed()
    owner = agreement.party_set.all()[0].organisation
    with pytest.raises(IntegrityError), transaction.atomic():
        make_commitment(agreement, owner=owner, checker=owner)


def test_two_people_answer_at_once_and_the_second_is_told() -> None:
    commitment = make_commitment(state=State.REPORTED)
    seen_before = Commitment.objects.get(pk=commitment.pk)
    services.accept(commitment, by=make_staff(commitment.checker))
    with pytest.raises(IllegalMove):
        services.send_back(seen_before, by=make_staff(commitment.checker), why="x")
    commitment.refresh_from_db()
    assert commitment.state == State.MET


def test_a_yearly_commitment_comes_again_until_the_term_is_over() -> None:
    today = clock.today()
    agreement = make_signed(expires_on=today + timedelta(days=500))
    first = make_commitment(agreement, yearly=True, due=today, state=State.REPORTED)
    by = make_staff(first.checker)
    services.accept(first, by=by)
    second = Commitment.objects.get(follows=first)
    assert second.state == State.OPEN and second.due > today + timedelta(days=364)
    services.waive(second, by=by, why="无需")
    assert not Commitment.objects.filter(follows=second).exists()


def test_a_yearly_commitment_ends_with_its_agreement() -> None:
    agreement = make_signed()
    commitment = make_commitment(agreement, yearly=True, state=State.REPORTED)
    by = make_staff(commitment.checker)
    succession.end_early(agreement, by=by, on=clock.today(), why="停产")
    commitment = Commitment.objects.get()
    services.accept(commitment, by=by)  # what is open at the end can still be settled
    assert Commitment.objects.count() == 1


def test_what_was_missed_can_be_done_late_and_comes_again_once() -> None:
    agreement = make_signed(expires_on=clock.today() + timedelta(days=800))
    due = clock.today() - timedelta(days=3)
    commitment = make_commitment(agreement, due=due, yearly=True)
    checker = make_staff(commitment.checker)
    services.miss(commitment, by=checker, why="未派人")
    services.report(commitment, by=make_staff(commitment.owner), text="补派")
    assert commitment.settled_on is None
    services.accept(commitment, by=checker)
    assert commitment.state == State.MET and Commitment.objects.count() == 2


def test_nothing_is_missed_before_its_day() -> None:
    commitment = make_commitment()
    secretary = signed_in(make_secretary(commitment.agreement.consortium))
    assert secretary.post(url(commitment, "miss"), {"reason": "x"}).status_code == 403
    Commitment.objects.update(due=clock.today() - timedelta(days=1))
    assert secretary.post(url(commitment, "miss"), {"reason": "x"}).status_code == 302


def test_owners_are_reminded_once_before_the_day_and_every_week_after_it(
    settings: LazySettings,
) -> None:
    start = clock.now()
    commitment = make_commitment(due=clock.today() + timedelta(days=10))
    make_commitment(commitment.agreement, due=clock.today() + timedelta(days=60))
    owner = make_staff(commitment.owner)

    def told_after(days: int) -> int:
        settings.CLOCK = (start + timedelta(days=days)).isoformat()
        return services.remind()

    told = [told_after(days) for days in (0, 1, 11, 12, 17, 18)]
    assert told == [1, 0, 1, 0, 0, 1]
    assert Notice.objects.filter(to=owner).count() == 3
    assert clock.today().isoformat() not in Notice.objects.first().text  # its day, not today's


def test_what_waits_for_whom() -> None:
    late = make_commitment(due=clock.today() - timedelta(days=2))
    make_commitment(late.agreement, state=State.REPORTED)
    secretary = make_secretary(late.agreement.consortium)
    owner, checker = make_staff(late.owner), make_staff(late.checker)
    assert [(t.label, t.count) for t in other_todos(owner)] == [("Commitments to keep", 1)]
    assert [t.label for t in other_todos(checker)] == ["Reports to accept"]
    assert [t.label for t in other_todos(secretary)] == ["Overdue commitments"]
    for user in (owner, checker, secretary):
        page = signed_in(user).get(other_todos(user)[0].url)
        assert page.context["listing"].total == 1


@pytest.mark.parametrize("name", ["commitment_index", "evaluation_index"])
def test_a_list_asks_the_same_number_of_queries_for_one_and_for_thirty(name: str) -> None:
    consortium = make_consortium()
    client = signed_in(make_secretary(consortium))
    address = reverse(f"commitments:{name}", args=[consortium])

    def add(number: int) -> None:
        for _number in range(number):
            agreement = make_signed(consortium)
            make_commitment(agreement)
            make_evaluation(agreement)

    counts = []
    client.get(address)
    for number in (1, 29):
        add(number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(address)
        assert page.context["listing"].total in (1, 30)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_list_is_searched_filtered_and_taken_along() -> None:
    commitment = make_commitment(
        title_zh="派出企业导师", title_en="", due=clock.today() - timedelta(days=1)
    )
    make_commitment(commitment.agreement, title_zh="提供实习岗位", kind="obligation")
    index = reverse("commitments:commitment_index", args=[commitment.agreement.consortium])
    client = signed_in(make_staff(commitment.owner))
    for query, total in (
        ("", 2),
        ("?q=导师", 1),
        ("?late=overdue", 1),
        ("?whose=do", 2),
        ("?whose=accept", 0),
        (f"?agreement={commitment.agreement_id}", 2),
    ):
        assert client.get(index + query).context["listing"].total == total, query
    assert "派出企业导师" in client.get(index + "?export=csv").content.decode()


def test_the_calendar_has_what_one_has_to_do() -> None:
    commitment = make_commitment(title_zh="派出企业导师", title_en="")
    make_commitment(commitment.agreement, state=State.MET)
    (event,) = events_of(make_staff(commitment.owner))
    assert (event.title, event.start.date()) == ("派出企业导师", commitment.due)
    assert events_of(make_staff(commitment.checker)) == [] == events_of(make_user())


def test_the_page_of_the_agreement_shows_them_to_its_parties() -> None:
    commitment = make_commitment(title_zh="派出企业导师", title_en="")
    page = signed_in(make_staff(commitment.owner)).get(commitment.agreement.get_absolute_url())
    assert "派出企业导师" in page.content.decode()
