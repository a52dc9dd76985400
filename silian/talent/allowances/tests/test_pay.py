from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import make_membership, make_staff
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.todos import todos_of
from silian.kernel.sheets.registry import Row
from silian.talent.allowances.imports import Payments
from silian.talent.allowances.models import Allowance, Payment
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.tests.factories import make_cohort, make_learner
from silian.talent.rotations.tests.factories import make_phase

pytestmark = pytest.mark.django_db


def page_of(cohort: Cohort) -> str:
    return f"/{cohort.consortium.slug}/cohorts/{cohort.pk}/pay/"


def make_allowance(cohort: Cohort, **fields: object) -> Allowance:
    """Of the enterprise, in the first twelve weeks, which are over."""
    facts: dict[str, object] = {"kind": "pay", "payer": cohort.enterprise, "amount": 2600}
    phase = cohort.phases.first() or make_phase(cohort)
    return Allowance.objects.create(phase=phase, **(facts | fields))


def make_payment(allowance: Allowance, learner: Learner, **fields: object) -> Payment:
    facts: dict[str, object] = {
        "month": allowance.phase.starts_on.replace(day=1),
        "amount": allowance.amount,
        "paid_on": clock.today(),
    }
    return Payment.objects.create(allowance=allowance, learner=learner, **(facts | fields))


def test_pay_is_promised_recorded_and_objected_to(client: Client) -> None:
    cohort = make_cohort(state="running")
    phase = make_phase(cohort)
    learner, other = (make_learner(cohort, Learner.State.SELECTED) for _ in range(2))
    firm = make_staff(cohort.enterprise)
    client.force_login(firm)
    typed = {"phase": phase.pk, "kind": "pay", "payer": cohort.enterprise_id, "amount": "0"}
    assert "more than 0" in client.post(f"{page_of(cohort)}new/", typed).text
    client.post(f"{page_of(cohort)}new/", typed | {"amount": "2600"})
    allowance = Allowance.objects.get()
    assert any("Record payments" in todo.label for todo in todos_of(firm))
    record = f"{page_of(cohort)}{allowance.pk}/record/"
    month = phase.starts_on.replace(day=1)
    paid = {"month": f"{month}", "amount": 2600, "paid_on": f"{clock.today()}"}
    paid |= {"learners": [learner.pk, other.pk]}
    for _twice in range(2):
        client.post(record, paid)
    assert Payment.objects.count() == 2
    assert client.get(f"{page_of(cohort)}{allowance.pk}/edit/").status_code == 403
    client.force_login(make_staff(cohort.school))
    assert client.get(record).status_code == 403
    payment = Payment.objects.get(learner=learner)
    line = f"{page_of(cohort)}payments/{payment.pk}/"
    client.force_login(learner.student.user)
    text = client.get(page_of(cohort)).text
    assert "¥2,600" in text
    client.post(f"{line}object/", {"reason": "未到账"})
    assert any("objection to a payment" in todo.label for todo in todos_of(firm))
    client.force_login(firm)
    client.post(f"{line}answer/", {"reason": "银行退回,已重发"})
    payment.refresh_from_db()
    assert (payment.objection, payment.answer) == ("未到账", "银行退回,已重发")
    assert client.post(f"{line}answer/", {"reason": "x"}).status_code == 403
    client.post(f"{line}take-back/", {"reason": "录错"})
    assert Payment.objects.count() == 1


def test_a_learner_reads_their_own_pay_alone_and_a_stranger_none(client: Client) -> None:
    cohort = make_cohort(state="running")
    allowance = make_allowance(cohort)
    learner, other = (make_learner(cohort, Learner.State.SELECTED) for _ in range(2))
    mine, theirs = make_payment(allowance, learner), make_payment(allowance, other)
    client.force_login(learner.student.user)
    payments = f"{page_of(cohort)}payments/"
    assert client.get(f"{payments}{mine.pk}/").status_code == 200
    assert client.get(f"{payments}{theirs.pk}/").status_code == 404
    assert client.get(payments).context["listing"].total == 1
    assert client.post(f"{payments}{mine.pk}/take-back/", {"reason": "x"}).status_code == 403
    client.force_login(make_staff(cohort.enterprise))
    assert learner.student.name not in client.get(payments).text
    assert learner.code in client.get(f"{payments}?export=csv").content.decode()
    client.force_login(make_staff(make_membership(cohort.consortium).organisation))
    for page in (page_of(cohort), payments, f"{payments}{mine.pk}/"):
        assert client.get(page).status_code == 404


def test_a_month_is_paid_once_and_is_a_month() -> None:
    allowance = make_allowance(make_cohort(state="running"))
    learner = make_learner(allowance.phase.cohort, Learner.State.SELECTED)
    payment = make_payment(allowance, learner)
    for wrong in ({}, {"month": date(2026, 1, 2)}, {"month": date(2026, 1, 1), "amount": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_payment(allowance, learner, **wrong)
    assert Payment.objects.get() == payment


def test_payments_come_by_a_sheet() -> None:
    cohort = make_cohort(state="running")
    allowance = make_allowance(cohort)
    learner = make_learner(cohort, Learner.State.SELECTED)
    sheet = Payments()
    form = sheet.form(cohort)
    form.data = {
        "learner": learner.code,
        "kind": "pay",
        "month": f"{allowance.phase.starts_on}",
        "amount": "2600",
        "paid_on": f"{clock.today()}",
    }
    form.is_bound = True
    assert form.is_valid(), form.errors
    row = Row(2, form.cleaned_data)
    assert not list(sheet.check([row], cohort))
    assert [field for _line, field, _why in sheet.check([row, row], cohort)] == ["month"]
    unpromised = Row(3, {**row.data, "kind": "travel"})
    assert [field for _line, field, _why in sheet.check([unpromised], cohort)] == ["kind"]
    with pytest.raises(Exception, match="pays"):
        sheet.save([row], cohort, by=make_staff(cohort.school), progress=lambda done: None)
    firm = make_staff(cohort.enterprise)
    assert sheet.save([row], cohort, by=firm, progress=lambda done: None) == 1
    assert not sheet.permitted(make_user(), cohort)


def test_the_list_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    cohort = make_cohort(state="running", quota=40)
    allowance = make_allowance(cohort)
    client.force_login(make_staff(cohort.school))
    counts = []
    for more in (1, 24):
        for _ in range(more):
            make_payment(allowance, make_learner(cohort, Learner.State.SELECTED))
        client.get(f"{page_of(cohort)}payments/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{page_of(cohort)}payments/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
