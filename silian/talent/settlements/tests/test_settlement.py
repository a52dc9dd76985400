from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.contributions.models import Confirmation, Entry
from silian.governance.members.tests.factories import (
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.talent.allowances.models import Allowance, Payment
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.tests.factories import make_cohort, make_learner
from silian.talent.mentoring.statements import Quarter
from silian.talent.mentoring.tests.factories import make_hours, make_mentor
from silian.talent.outcomes.models import Outcome
from silian.talent.rotations.tests.factories import make_group, make_phase, make_stay
from silian.talent.settlements import services
from silian.talent.settlements.counting import counted
from silian.talent.settlements.models import Line, Promise, Settlement

pytestmark = pytest.mark.django_db


def page_of(cohort: Cohort) -> str:
    return f"/{cohort.consortium.slug}/cohorts/{cohort.pk}/"


def last_quarter() -> Quarter:
    return Quarter.of(clock.today()).previous


def make_promise(cohort: Cohort, measure: str = "hours", **fields: object) -> Promise:
    every = "whole" if measure in ("employed", "share") else "quarter"
    facts: dict[str, object] = {"giver": cohort.enterprise, "amount": 40, "every": every}
    return Promise.objects.create(cohort=cohort, measure=measure, **(facts | fields))


def make_settlement(cohort: Cohort | None = None) -> Settlement:
    """Of the last quarter: 40 hours were promised, 30 confirmed."""
    cohort = cohort or make_cohort(state="running")
    make_promise(cohort)
    make_hours(make_mentor(cohort), 15, on=last_quarter().last, state="confirmed")
    make_hours(make_mentor(cohort), 15, on=last_quarter().first, state="confirmed")
    return services.make_settlement(cohort, last_quarter(), by=make_user())


def test_every_measure_is_counted_from_what_was_entered() -> None:
    cohort = make_cohort(state="running")
    quarter = last_quarter()
    phase = make_phase(cohort, starts_on=cohort.starts_on, ends_on=quarter.last)
    group = make_group(cohort, 3)
    make_stay(group, phase)
    make_hours(make_mentor(cohort), 5, on=quarter.first, state="confirmed")
    make_hours(make_mentor(cohort), 7, on=quarter.first)  # nobody confirmed it
    allowance = Allowance.objects.create(
        phase=phase, kind="pay", payer=cohort.enterprise, amount=2000
    )
    learner = group.members.first().learner
    for month in (quarter.first, date(quarter.year - 1, 1, 1)):
        Payment.objects.create(
            allowance=allowance, learner=learner, month=month, amount=2000, paid_on=quarter.last
        )
    for accepted in (True, False):
        entry = Entry.objects.create(
            agreement=cohort.agreement,
            giver=cohort.enterprise,
            receiver=cohort.school,
            kind="equipment",
            unit="yuan",
            amount=50000,
            on=quarter.last,
            text="机床",
        )
        Confirmation.objects.create(entry=entry, accepted=accepted, reason="未收到")
    done = make_learner(cohort, Learner.State.COMPLETED)
    Outcome.objects.create(
        learner=done, moment="at_end", fate="here", on=quarter.last, source="contract"
    )
    make_learner(cohort, Learner.State.COMPLETED)
    expected = {"places": 3, "hours": 5, "pay": 2000, "equipment": 50000, "money": 0}
    expected |= {"employed": 1, "share": 50}
    for measure, value in expected.items():
        assert counted(make_promise(cohort, measure), quarter) == value, measure


def test_a_settlement_is_objected_to_corrected_and_agreed(client: Client) -> None:
    settlement = make_settlement()
    cohort = settlement.cohort
    line = settlement.lines.get()
    assert (line.promised, line.actual, line.difference) == (40, 30, -10)
    page = f"{page_of(cohort)}settlements/{settlement.pk}/"
    school, firm = make_staff(cohort.school), make_staff(cohort.enterprise)
    assert any("Answer the settlement" in todo.label for todo in todos_of(firm))
    client.force_login(school)
    assert client.get(f"{page}correct/").status_code == 403
    client.post(f"{page}answer/confirm/")
    assert client.post(f"{page}answer/confirm/").status_code == 403
    client.force_login(firm)
    client.post(f"{page}answer/object/", {"reason": ""})
    client.post(f"{page}answer/object/", {"reason": "夜班指导未计入"})
    settlement.refresh_from_db()
    assert settlement.state == "objected"
    client.force_login(school)
    wrong = {"reason": "补计", f"l{line.pk}-actual": "38"}
    assert "Say why" in client.post(f"{page}correct/", wrong).text
    client.post(f"{page}correct/", wrong | {f"l{line.pk}-note": "夜班8小时有记录"})
    settlement.refresh_from_db()
    new = Settlement.objects.standing().get()
    assert (settlement.state, new.version, new.state) == ("replaced", 2, "open")
    assert (new.lines.get().actual, new.lines.get().counted) == (38, 30)
    for side in (school, firm):
        client.force_login(side)
        client.post(f"{page_of(cohort)}settlements/{new.pk}/answer/confirm/")
    new.refresh_from_db()
    assert new.state == "agreed"
    text = client.get(f"{page_of(cohort)}settlements/{new.pk}/").text
    assert "夜班8小时有记录" in text and "version 1" in text


def test_what_was_settled_is_never_edited() -> None:
    settlement = make_settlement()
    services.answer(settlement, side="school", accepted=True, by=make_user())
    for rows in (settlement.lines.all(), settlement.answers.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Line.objects.update(actual=99, note="x")
    with pytest.raises(ValidationError):
        services.make_settlement(settlement.cohort, last_quarter(), by=make_user())


def test_only_quarters_that_are_over_are_settled(client: Client) -> None:
    cohort = make_cohort(state="running")
    make_promise(cohort)
    client.force_login(make_staff(cohort.school))
    now = Quarter.of(clock.today())
    page = f"{page_of(cohort)}settlements/new/"
    client.post(page, {"quarter": f"{now.year}-{now.number}"})
    assert not Settlement.objects.exists()
    last = last_quarter()
    client.post(page, {"quarter": f"{last.year}-{last.number}"})
    assert Settlement.objects.get().time == last


def test_the_quarter_that_ended_is_settled_by_itself_and_reminded_of_once() -> None:
    cohort = make_cohort(state="running")
    assert services.make_due() == 0  # nothing is promised
    make_promise(cohort)
    assert (services.make_due(), services.make_due()) == (1, 0)
    assert services.remind() == 0
    staff, secretary = make_staff(cohort.school), make_secretary(cohort.consortium)
    Settlement.objects.update(due_on=clock.today() - timedelta(days=1))
    assert (services.remind(), services.remind()) == (1, 0)
    told = Notice.objects.filter(message__contains="overdue").values_list("to", flat=True)
    assert {staff.pk, secretary.pk} <= set(told)
    assert any("overdue" in todo.label for todo in todos_of(secretary))


def test_promises_are_entered_by_those_who_make_them(client: Client) -> None:
    cohort = make_cohort(state="running")
    client.force_login(make_staff(cohort.enterprise))
    page = f"{page_of(cohort)}promises/"
    typed = {"giver": cohort.enterprise_id, "measure": "share", "amount": "120", "every": "quarter"}
    text = client.post(f"{page}new/", typed).text
    assert "at most 100" in text and "promised for the end" in text
    right = typed | {"amount": "80", "every": "whole", "pay_floor": 5000, "posts": "数控操作"}
    client.post(f"{page}new/", right)
    promise = Promise.objects.get()
    assert "数控操作" in client.get(page).text
    assert "promised already" in client.post(f"{page}new/", right).text
    client.force_login(make_staff(cohort.school))
    assert client.get(f"{page}{promise.pk}/").status_code == 403
    assert "valid choice" in client.post(f"{page}new/", right).text
    client.force_login(make_staff(cohort.enterprise))
    client.post(f"{page}{promise.pk}/remove/")
    assert not Promise.objects.exists()


def test_settlements_are_taken_along_by_both_sides_and_nobody_else(client: Client) -> None:
    settlement = make_settlement()
    cohort = settlement.cohort
    page = f"{page_of(cohort)}settlements/{settlement.pk}/"
    client.force_login(make_staff(cohort.school))
    assert client.get(f"{page}pdf/").content.startswith(b"%PDF")
    assert client.get(f"{page}?export=xlsx").content.startswith(b"PK")
    client.force_login(make_staff(make_membership(cohort.consortium).organisation))
    for address in (page, f"{page}pdf/", f"{page}?export=xlsx", f"{page_of(cohort)}promises/"):
        assert client.get(address).status_code == 404
    index = f"/{cohort.consortium.slug}/cohorts/settlements/"
    assert client.get(index).context["listing"].total == 0
    client.force_login(make_secretary(cohort.consortium))
    assert client.get(index).context["listing"].total == 1
    assert client.post(f"{page}answer/confirm/").status_code == 403


def test_the_list_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    cohort = make_cohort(state="running")
    client.force_login(make_secretary(cohort.consortium))
    counts = []
    for first, more in ((2000, 1), (2001, 29)):
        for year in range(first, first + more):
            Settlement.objects.create(cohort=cohort, year=year, quarter=1, due_on=clock.today())
        page = f"/{cohort.consortium.slug}/cohorts/settlements/"
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1]
