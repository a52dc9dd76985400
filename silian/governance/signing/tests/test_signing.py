from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.agreements.models import Agreement
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.signing import policy, services
from silian.governance.signing.models import Process, Signatory
from silian.governance.signing.receivers import signatures_wanted, signings_to_open
from silian.governance.signing.tests.factories import (
    make_frozen,
    make_process,
    make_signatory,
    make_signer,
    make_signing,
    parties_of,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.files.tests.factories import make_stored
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    return make_frozen()


@pytest.fixture
def secretary(client: Client, agreement: Agreement) -> Client:
    client.force_login(make_secretary(agreement.consortium))
    return client


def url(name: str, consortium: Consortium, *args: object) -> str:
    return reverse(f"signing:{name}", args=[consortium, *args])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def prepare_url(agreement: Agreement) -> str:
    return url("signing_prepare", agreement.consortium, agreement.pk)


def typed(rows: list[dict[str, object]], **fields: object) -> dict[str, object]:
    data: dict[str, object] = {"s-TOTAL_FORMS": len(rows), "s-INITIAL_FORMS": 0, **fields}
    for number, row in enumerate(rows):
        facts = {"method": "electronic", "order": 1} | row
        data |= {f"s-{number}-{name}": value for name, value in facts.items()}
    return data


def told(user: User) -> list[str]:
    return [notice.text for notice in Notice.objects.filter(to=user)]


# --- preparing --------------------------------------------------------------------------------


def test_the_secretariat_says_who_signs_and_asks_them(
    secretary: Client, agreement: Agreement
) -> None:
    first, second = parties_of(agreement)
    dean = make_signer(first)
    rows = [
        {"organisation": first.pk, "user": dean.pk, "title": "院长"},
        {"organisation": second.pk, "name": "许总", "method": "paper", "order": 2},
    ]
    last = clock.today() + timedelta(days=9)
    data = typed(rows, ordered="on", deadline=f"{last:%Y-%m-%d}")

    page = secretary.post(prepare_url(agreement), data, follow=True)

    process = Process.objects.get()
    assert (process.state, process.ordered, process.deadline) == ("prepared", True, last)
    assert [(s.name, s.order) for s in process.signatories.all()] == [(dean.name, 1), ("许总", 2)]
    assert "Nobody has been asked to sign yet." in page.text
    assert told(dean) == []

    page = secretary.post(url("signing_open", agreement.consortium, process.pk), follow=True)
    process.refresh_from_db()
    assert process.state == "open"
    assert process.document == agreement.frozen
    assert told(dean) == [f"“{agreement.title_en}” waits for your signature."]
    assert agreement.frozen.sha256 in page.text


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": "", "user": ""}, "Give a name, or choose an account."),
        ({"user": ""}, "Who signs on screen needs an account."),
        ({"order": "0"}, "greater than or equal to 1"),
        ({"method": "telepathy"}, "not one of the available choices"),
    ],
)
def test_wrong_input_names_the_field_and_keeps_what_was_typed(
    secretary: Client, agreement: Agreement, change: dict[str, str], complaint: str
) -> None:
    first = parties_of(agreement)[0]
    row = {"organisation": first.pk, "user": make_signer(first).pk, "title": "副院长"}
    page = secretary.post(prepare_url(agreement), typed([row | change]))
    assert complaint in page.text
    assert "副院长" in page.text
    assert not Process.objects.exists()


def test_a_signatory_acts_for_the_party_and_is_named_once(
    secretary: Client, agreement: Agreement
) -> None:
    first, second = parties_of(agreement)
    dean, boss = make_signer(first), make_signer(second)
    wrong = {"organisation": first.pk, "user": boss.pk}
    page = secretary.post(prepare_url(agreement), typed([wrong]))
    assert "does not act for this party" in page.text
    right = {"organisation": first.pk, "user": dean.pk}
    page = secretary.post(prepare_url(agreement), typed([right, right]))
    assert "A signatory is named twice." in page.text
    page = secretary.post(prepare_url(agreement), typed([]))
    assert "Somebody has to sign." in page.text


def test_a_removed_row_and_a_past_day(secretary: Client, agreement: Agreement) -> None:
    first, second = parties_of(agreement)
    rows = [{"organisation": p.pk, "user": make_signer(p).pk} for p in (first, second)]
    rows[1]["DELETE"] = "on"
    page = secretary.post(prepare_url(agreement), typed(rows, deadline="2020-01-01"))
    assert "This day has passed." in page.text
    secretary.post(prepare_url(agreement), typed(rows))
    assert [s.organisation for s in Signatory.objects.all()] == [first]


def test_before_opening_every_party_needs_a_signatory(
    secretary: Client, agreement: Agreement
) -> None:
    process = make_process(agreement, state="prepared", document=None, opened_at=None)
    make_signatory(process)
    missing = parties_of(agreement)[1].name
    page = secretary.get(process.get_absolute_url())
    assert f"Nobody signs for: {missing}" in page.text
    answer = secretary.post(url("signing_open", agreement.consortium, process.pk))
    assert answer.status_code == 403
    stranger = make_membership(agreement.consortium).organisation
    for organisation in (parties_of(agreement)[1], stranger):
        make_signatory(process, organisation)
    user = make_secretary(agreement.consortium)
    assert "no party any more" in policy.may_open(user, process).reason


def test_what_is_not_frozen_is_not_opened(secretary: Client) -> None:
    agreement = make_frozen(state="draft", frozen=None, check_code=None)
    process = make_process(agreement, state="prepared", document=None, opened_at=None)
    user = make_secretary(agreement.consortium)
    assert "Freeze the text first" in policy.may_open(user, process).reason
    with pytest.raises(IllegalMove):
        services.open_process(process, by=user)


def test_signatories_can_be_changed_until_somebody_has_signed(
    secretary: Client, agreement: Agreement
) -> None:
    process = make_process(agreement)
    for party in parties_of(agreement):
        make_signatory(process, party)
    first, second = parties_of(agreement)
    other = make_signer(first)
    rows = [
        {"organisation": p.pk, "user": u.pk}
        for p, u in ((first, other), (second, make_signer(second)))
    ]
    secretary.post(prepare_url(agreement), typed(rows))
    assert told(other) == [f"“{agreement.title_en}” waits for your signature."]

    Signatory.objects.filter(user=other).update(state="signed")
    page = secretary.get(prepare_url(agreement))
    assert page.status_code == 403
    with pytest.raises(IllegalMove):
        services.prepare(agreement, [], by=make_user())
    assert Signatory.objects.filter(user=other).exists()


def test_a_frozen_text_goes_back_to_negotiation_before_anybody_is_asked(
    secretary: Client, agreement: Agreement
) -> None:
    page = secretary.get(agreement.get_absolute_url()).text
    thaw = url("signing_thaw", agreement.consortium, agreement.pk)
    assert thaw in page
    party = signed_in(make_staff(parties_of(agreement)[0], "manager"))
    assert party.post(thaw, {"reason": "x"}).status_code == 403
    assert signed_in(make_user()).post(thaw, {"reason": "x"}).status_code == 404
    assert "Please give a reason." in secretary.post(thaw, follow=True).text
    secretary.post(thaw, {"reason": "错字"})
    agreement.refresh_from_db()
    assert (agreement.state, agreement.frozen) == ("draft", None)

    other = make_process(make_frozen(agreement.consortium)).agreement
    answer = secretary.post(url("signing_thaw", other.consortium, other.pk), {"reason": "x"})
    assert answer.status_code == 403  # it is called off instead


def test_the_page_of_an_agreement_shows_how_far_the_signing_is(agreement: Agreement) -> None:
    process = make_process(agreement)
    signatory = make_signatory(process)
    page = signed_in(signatory.user).get(agreement.get_absolute_url()).text
    assert signatory.get_absolute_url() in page
    assert signatory.name in page
    Agreement.objects.update(state="signed", signed_on=clock.today())
    assert signatory.name not in Client().get(agreement.get_absolute_url()).text


def test_one_signing_of_an_agreement_at_a_time(agreement: Agreement) -> None:
    make_process(agreement)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_process(agreement)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_process(make_frozen(), document=None)


# --- proposals --------------------------------------------------------------------------------


def test_the_only_manager_of_each_party_is_proposed(
    secretary: Client, agreement: Agreement
) -> None:
    first, second = parties_of(agreement)
    manager = make_staff(first, "manager")
    for _ in range(2):
        make_staff(second, "manager")
    proposed = services.propose_signatories(agreement)
    assert [(s.organisation, s.user) for s in proposed] == [(first, manager), (second, None)]
    assert manager.name in secretary.get(prepare_url(agreement)).text


@pytest.mark.parametrize("relation", ["amends", "renews"])
def test_an_amendment_goes_to_the_original_signatories(relation: str) -> None:
    consortium = make_consortium()
    original = make_frozen(consortium, parties=3, state="signed", signed_on=clock.today())
    signed = make_process(original, state="complete", closed_at=clock.now())
    first, second = parties_of(original)[:2]
    two = [make_signatory(signed, first, order=n, title=t) for n, t in ((1, "院长"), (2, "处长"))]
    gone = make_signatory(signed, second)
    gone.user.roles.all().delete()

    later = make_frozen(consortium, parties=[first, second], **{relation: original})

    proposed = services.propose_signatories(later)
    assert [(s.name, s.title, s.order) for s in proposed[:2]] == [
        (s.name, s.title, s.order) for s in two
    ]
    assert [s.user for s in proposed] == [two[0].user, two[1].user, None]
    assert proposed[2].name == gone.name and proposed[2].method == "paper"


# --- running ------------------------------------------------------------------------------------


def test_in_order_each_group_is_asked_when_the_one_before_has_signed(
    agreement: Agreement,
) -> None:
    process = make_process(agreement, ordered=True)
    first = make_signatory(process, order=1)
    second = make_signatory(process, parties_of(agreement)[1], order=2)
    services.ask(process)
    assert told(first.user) and not told(second.user)
    assert list(policy.waiting_for(second.user)) == []
    assert "Others sign first" in policy.in_turn(second).reason

    Signatory.objects.filter(pk=first.pk).update(state="signed")
    services.complete_if_all(process, by=first.user)
    assert told(second.user)
    assert [s.pk for s in policy.waiting_for(second.user)] == [second.pk]
    services.ask(process)
    assert len(told(second.user)) == 1  # nobody is asked twice


def test_a_todo_leads_to_the_page_or_to_the_list(agreement: Agreement) -> None:
    user = make_signer(parties_of(agreement)[0])
    signatory = make_signatory(make_process(agreement), user=user)
    (todo,) = signatures_wanted(user)
    assert (todo.label, todo.url) == (
        "1 agreement waits for your signature",
        signatory.get_absolute_url(),
    )
    for _ in range(2):
        more = make_frozen(agreement.consortium, parties=parties_of(agreement)[:1])
        make_signatory(make_process(more, deadline=clock.today()), user=user)
    (todo,) = signatures_wanted(user)
    assert todo.label == "3 agreements wait for your signature"
    assert todo.due
    page = signed_in(user).get(todo.url)
    assert page.text.count("silian-name") >= 3
    assert not list(signatures_wanted(make_signer(parties_of(agreement)[1])))


def test_a_frozen_agreement_without_signatories_is_a_todo_of_the_secretariat(
    agreement: Agreement,
) -> None:
    user = make_secretary(agreement.consortium)
    assert [todo.label for todo in signings_to_open(user)] == [
        f"Ask the signatories: {agreement.title_en}"
    ]
    make_process(agreement)
    assert not list(signings_to_open(user))


def test_reminding_by_hand_once_a_day(settings) -> None:
    process = make_signing()
    signatory = process.signatories.first()
    client = signed_in(make_secretary(process.agreement.consortium))
    address = url("remind", process.agreement.consortium, signatory.pk)
    client.post(address)
    assert told(signatory.user) == [
        f"Reminder: “{process.agreement.title_en}” waits for your signature."
    ]
    assert client.post(address).status_code == 403
    settings.CLOCK = (clock.now() + timedelta(hours=25)).isoformat()
    signed_in(make_secretary(process.agreement.consortium)).post(address)
    assert len(told(signatory.user)) == 2


def test_the_clock_reminds_every_three_days_whoever_is_waited_for(settings) -> None:
    process = make_signing()
    done, waiting = process.signatories.all()
    Signatory.objects.filter(pk=done.pk).update(state="signed")
    assert services.remind_waiting() == 0
    settings.CLOCK = (clock.now() + timedelta(days=4)).isoformat()
    assert services.remind_waiting() == 1
    assert services.remind_waiting() == 0
    assert told(waiting.user) and not told(done.user)


def test_replacing_a_signatory_needs_a_reason_and_asks_the_new_one() -> None:
    process = make_signing()
    signatory = process.signatories.first()
    consortium = process.agreement.consortium
    client = signed_in(make_secretary(consortium))
    new = make_signer(signatory.organisation)
    address = url("replace", consortium, signatory.pk)
    data = {"user": new.pk, "name": "", "title": "书记", "method": "electronic", "why": ""}
    assert "This field is required" in client.post(address, data).text
    client.post(address, data | {"why": "调任"})
    signatory.refresh_from_db()
    assert (signatory.user, signatory.name, signatory.title) == (new, new.name, "书记")
    assert told(new)
    entry = Entry.objects.get(action="Signatory replaced")
    assert entry.why == "调任"
    Signatory.objects.filter(pk=signatory.pk).update(state="signed")
    assert client.post(address, data | {"why": "x"}).status_code == 403
    with pytest.raises(IllegalMove):
        services.replace(signatory, by=new, why="x", name="x")


def test_calling_it_off_thaws_the_text_and_tells_everybody() -> None:
    process = make_signing()
    consortium = process.agreement.consortium
    client = signed_in(make_secretary(consortium))
    address = url("signing_withdraw", consortium, process.pk)
    assert "Please give a reason." in client.post(address, follow=True).text
    client.post(address, {"reason": "条款有误"})
    process.refresh_from_db()
    assert (process.state, process.reason) == ("withdrawn", "条款有误")
    assert Agreement.objects.get().state == "draft"
    for signatory in process.signatories.all():
        assert "条款有误" in told(signatory.user)[-1]
    assert client.post(address, {"reason": "x"}).status_code == 403


def test_the_last_day_ends_it_and_can_be_put_off(settings) -> None:
    process = make_signing(deadline=clock.today() + timedelta(days=2))
    consortium = process.agreement.consortium
    client = signed_in(make_secretary(consortium))
    later = clock.today() + timedelta(days=5)
    client.post(url("signing_deadline", consortium, process.pk), {"deadline": f"{later}"})
    start = clock.now()
    settings.CLOCK = (start + timedelta(days=4)).isoformat()
    services.keep_deadlines()
    process.refresh_from_db()
    assert process.state == "open"

    settings.CLOCK = (start + timedelta(days=6)).isoformat()
    assert "last day" in policy.in_turn(process.signatories.first()).reason
    services.keep_deadlines()
    process.refresh_from_db()
    assert process.state == "expired"
    assert Agreement.objects.get().state == "draft"
    assert f"{later}" in told(process.signatories.first().user)[-1]


def test_a_signing_whose_text_was_thawed_elsewhere_is_closed() -> None:
    process = make_signing()
    Agreement.objects.update(state="draft", frozen=None, check_code=None)
    process.refresh_from_db()
    assert not Process.objects.get(pk=process.pk).is_open
    services.keep_deadlines()
    process.refresh_from_db()
    assert process.state == "withdrawn"


def test_a_text_frozen_anew_is_not_the_one_that_was_opened() -> None:
    process = make_signing()
    Agreement.objects.update(state="draft", frozen=None, check_code=None)
    new = make_stored(name="新.pdf")
    Agreement.objects.update(state="signing", frozen=new, check_code="NEW")
    fresh = Process.objects.select_related("agreement").get(pk=process.pk)
    assert not fresh.is_open
    assert not policy.in_turn(fresh.signatories.first())


# --- who may ------------------------------------------------------------------------------------


def test_signings_are_seen_by_parties_signatories_and_the_secretariat() -> None:
    process = make_signing()
    consortium = process.agreement.consortium
    party = make_staff(parties_of(process.agreement)[0])
    inside = [make_secretary(consortium), party, process.signatories.last().user]
    member = make_staff(make_membership(consortium).organisation)
    outside = [make_user(), member, make_secretary(make_consortium())]
    index = url("signing_index", consortium)
    document = url("signing_document", consortium, process.pk)
    for user in inside:
        client = signed_in(user)
        assert process.agreement.title_en in client.get(index).text
        assert process.agreement.title_en in client.get(process.get_absolute_url()).text
        assert b"%PDF" in b"".join(client.get(document).streaming_content)
    for user in outside:
        client = signed_in(user)
        assert process.agreement.title_en not in client.get(index).text
        assert client.get(process.get_absolute_url()).status_code == 404
        assert client.get(document).status_code == 404
    assert Client().get(process.get_absolute_url()).status_code == 302
    other = make_consortium()
    path = url("signing_detail", other, process.pk)
    assert signed_in(inside[0]).get(path).status_code == 404


def test_only_the_secretariat_runs_a_signing() -> None:
    process = make_signing()
    consortium, signatory = process.agreement.consortium, process.signatories.first()
    client = signed_in(make_staff(parties_of(process.agreement)[0], "manager"))
    for name, key in (
        ("signing_prepare", process.agreement.pk),
        ("signing_deadline", process.pk),
        ("replace", signatory.pk),
    ):
        assert client.get(url(name, consortium, key)).status_code == 403
    for name, key in (
        ("signing_open", process.pk),
        ("signing_withdraw", process.pk),
        ("remind", signatory.pk),
    ):
        answer = client.post(url(name, consortium, key), {"reason": "x"})
        assert answer.status_code == 403, name
        assert client.get(url(name, consortium, key)).status_code == 405


def test_the_list_is_filtered_and_its_queries_do_not_grow() -> None:
    consortium = make_consortium()
    user = make_secretary(consortium)
    client = signed_in(user)
    address = url("signing_index", consortium)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    def another() -> Process:
        agreement = make_frozen(consortium)
        process = make_process(agreement)
        for party in parties_of(agreement):
            make_signatory(process, party)
        return process

    another()
    queries()
    short = queries()
    for _ in range(29):
        last = another()
    assert queries() == short

    name = last.signatories.first().name
    found = client.get(address, {"q": name}).text
    assert last.agreement.title_en in found
    assert found.count('class="silian-name"') == 1
    Signatory.objects.filter(process=last).update(state="checking")
    found = client.get(address, {"waiting": "check"}).text
    assert found.count('class="silian-name"') == 1
    assert client.get(address, {"state": "complete"}).text.count('class="silian-name"') == 0


def test_the_pages_are_chinese_for_chinese_readers() -> None:
    process = make_signing()
    client = signed_in(make_secretary(process.agreement.consortium))
    page = client.get(process.get_absolute_url(), headers={"accept-language": "zh-hans"})
    assert "签署人" in page.text
