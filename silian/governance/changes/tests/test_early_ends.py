from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from silian.governance.agreements import succession
from silian.governance.agreements.models import Agreement
from silian.governance.changes import policy, services
from silian.governance.changes.models import EarlyEnd
from silian.governance.changes.tests.factories import make_early_end, make_three
from silian.governance.charters.tests.factories import other_todos
from silian.governance.commitments.tests.factories import make_commitment
from silian.governance.contributions.tests.factories import make_entry, make_pledge
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock, events
from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
State = EarlyEnd.State
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(early_end: EarlyEnd, verb: str = "", *more: int) -> str:
    if not verb:
        return early_end.get_absolute_url()
    args = [early_end.agreement.consortium, early_end.pk, *more]
    return reverse(f"changes:{verb}", args=args)


def parties(agreement: Agreement) -> list[Organisation]:
    return [party.organisation for party in agreement.party_set.order_by("order")]


def agree(early_end: EarlyEnd, party: Organisation) -> None:
    services.answer_end(early_end, party, by=make_staff(party), agrees=True)


def test_one_asks_all_others_agree_and_it_ends_on_its_day(settings: LazySettings) -> None:
    agreement = make_three()
    school, first, second = parties(agreement)
    new = reverse("changes:early_end_new", args=[agreement.consortium, agreement.pk])
    last_day = clock.today() + timedelta(days=10)
    facts = {"organisation": first.pk, "reason": "产线搬迁", "last_day": f"{last_day}"}
    facts |= {"answer_until": f"{clock.today() + timedelta(days=5)}"}
    client = signed_in(make_staff(first))
    offered = client.get(new).context["form"]["answer_until"].value()
    assert offered == clock.today() + timedelta(days=15)
    assert client.post(new, facts).status_code == 302
    early_end = EarlyEnd.objects.get()
    for party in (school, second):
        staff = make_staff(party)
        assert [todo.label for todo in other_todos(staff)] == ["Early end to answer"]
        assert signed_in(staff).post(url(early_end, "agree", party.pk)).status_code == 302
        assert other_todos(staff) == []
    early_end.refresh_from_db()
    assert early_end.state == State.AGREED
    assert services.finish_due() == 0
    settings.CLOCK = (clock.now() + timedelta(days=11)).isoformat()
    assert services.finish_due() == 1 and services.finish_due() == 0
    agreement.refresh_from_db()
    early_end.refresh_from_db()
    assert (agreement.state, agreement.end) == ("ended", "early")
    assert agreement.ended_on == last_day and early_end.state == State.DONE


def test_the_end_is_told_to_the_apps_above() -> None:
    told: list[events.AgreementEnded] = []

    def listen(sender: object, fact: events.AgreementEnded, **kwargs: object) -> None:
        told.append(fact)

    agreement = make_three()
    early_end = make_early_end(agreement, last_day=clock.today())
    events.agreement_ended.connect(listen)
    try:
        for party in parties(agreement)[1:]:
            agree(early_end, party)
    finally:
        events.agreement_ended.disconnect(listen)
    today = clock.today()
    fact = events.AgreementEnded(agreement.pk, agreement.consortium_id, today, "early")
    assert told == [fact]
    agreement.refresh_from_db()
    assert agreement.ended_on == today  # its day had come with the last answer


def test_an_objection_stops_it_until_the_secretariat_has_a_basis() -> None:
    early_end = make_early_end()
    agreement = early_end.agreement
    objecting = parties(agreement)[1]
    client = signed_in(make_staff(objecting))
    client.post(url(early_end, "object", objecting.pk), {"reason": ""})
    early_end.refresh_from_db()
    assert early_end.state == State.PROPOSED
    client.post(url(early_end, "object", objecting.pk), {"reason": "学生尚未毕业"})
    early_end.refresh_from_db()
    assert early_end.state == State.OBJECTED
    secretary = make_secretary(agreement.consortium)
    assert [todo.label for todo in other_todos(secretary)] == ["Early end to decide"]
    facts = {"basis": "仲裁裁决", "last_day": f"{clock.today()}"}
    answer = signed_in(secretary).post(url(early_end, "decide"), facts)
    assert answer.context["form"].errors.keys() == {"paper"}
    facts["paper"] = SimpleUploadedFile("ruling.pdf", PDF)
    assert signed_in(secretary).post(url(early_end, "decide"), facts).status_code == 302
    agreement.refresh_from_db()
    assert agreement.end == "early"
    assert client.get(url(early_end, "paper")).status_code == 200
    assert Notice.objects.filter(message__contains="objection").exists()


def test_unanswered_ones_wait_for_the_secretariat(settings: LazySettings) -> None:
    early_end = make_early_end()
    secretary = make_secretary(early_end.agreement.consortium)
    assert other_todos(secretary) == []
    settings.CLOCK = (clock.now() + timedelta(days=16)).isoformat()
    assert [todo.label for todo in other_todos(secretary)] == ["Early end to decide"]


def test_who_asked_thinks_better_of_it() -> None:
    early_end = make_early_end()
    asker, other = parties(early_end.agreement)[:2]
    refused = signed_in(make_staff(other)).post(url(early_end, "withdraw"), {"reason": "x"})
    assert refused.status_code == 403
    signed_in(make_staff(asker)).post(url(early_end, "withdraw"), {"reason": "产线恢复"})
    early_end.refresh_from_db()
    assert early_end.state == State.WITHDRAWN
    assert policy.may_propose_end(make_staff(asker), early_end.agreement)


def test_a_party_answers_once_and_not_for_others() -> None:
    early_end = make_early_end()
    asker, first, second = parties(early_end.agreement)
    agree(early_end, first)
    with pytest.raises(IllegalMove):
        agree(early_end, first)
    with pytest.raises(IllegalMove):
        agree(early_end, asker)
    client = signed_in(make_staff(second))
    assert client.post(url(early_end, "agree", first.pk)).status_code == 404
    assert signed_in(make_staff(first)).post(url(early_end, "agree", first.pk)).status_code == 403


def test_only_one_early_end_at_a_time() -> None:
    early_end = make_early_end()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_early_end(early_end.agreement)
    again = EarlyEnd(agreement=early_end.agreement, reason="x")
    again.last_day = again.answer_until = clock.today()
    with pytest.raises(IllegalMove):
        services.propose_end(again, by=make_secretary(early_end.agreement.consortium))


def test_only_a_party_asks() -> None:
    make_early_end(organisation=make_organisation())
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    connection.set_rollback(True)


def test_strangers_see_nothing() -> None:
    early_end = make_early_end()
    agreement = early_end.agreement
    places = [url(early_end), url(early_end, "decide"), url(early_end, "paper")]
    for name in ("settlement", "early_end_new", "compare", "register"):
        places.append(reverse(f"changes:{name}", args=[agreement.consortium, agreement.pk]))
    for user in (make_staff(make_organisation()), make_secretary(make_consortium())):
        client = signed_in(user)
        for place in places:
            assert client.get(place).status_code == 404
        for verb in ("amend", "renew"):
            place = reverse(f"changes:{verb}", args=[agreement.consortium, agreement.pk])
            assert client.post(place).status_code == 404
        assert "产线调整" not in client.get(agreement.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("faults", "field"),
    [
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": "2999-01-01"}, "last_day"),
        ({"answer_until": "2020-01-01"}, "answer_until"),
        ({"reason": ""}, "reason"),
    ],
)
def test_wrong_input_is_named_and_kept(faults: dict[str, str], field: str) -> None:
    agreement = make_three()
    facts = {"organisation": f"{parties(agreement)[0].pk}", "reason": "产线搬迁"}
    facts |= {"last_day": f"{clock.today()}"}
    facts |= {"answer_until": f"{clock.today() + timedelta(days=5)}"}
    new = reverse("changes:early_end_new", args=[agreement.consortium, agreement.pk])
    answer = signed_in(make_staff(parties(agreement)[0])).post(new, facts | faults)
    assert answer.context["form"].errors.keys() == {field}
    assert answer.context["form"]["organisation"].value() == facts["organisation"]


def test_an_agreement_that_ends_otherwise_needs_no_answers() -> None:
    early_end = make_early_end()
    by = make_secretary(early_end.agreement.consortium)
    succession.close(early_end.agreement, by=by, on=clock.today(), why="完成", end="fulfilled")
    early_end.refresh_from_db()
    assert early_end.state == State.WITHDRAWN


def test_what_is_open_at_the_end_is_listed() -> None:
    agreement = make_three()
    make_commitment(agreement, title_en="Send mentors")
    make_commitment(agreement, title_en="Class held", state="met")
    pledge = make_pledge(agreement, text_en="Twelve benches", amount=100)
    make_entry(pledge, amount=40, confirmed=True)
    kept = make_pledge(agreement, text_en="Scholarships", amount=100)
    make_entry(kept, amount=100, confirmed=True)
    make_entry(agreement, text="讲座")
    page = reverse("changes:settlement", args=[agreement.consortium, agreement.pk])
    shown = signed_in(make_staff(parties(agreement)[2])).get(page).content.decode()
    for word in ("Send mentors", "Twelve benches", "讲座"):
        assert word in shown
    for word in ("Class held", "Scholarships"):
        assert word not in shown
