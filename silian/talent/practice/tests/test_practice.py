"""Plan, journal, visits, incidents and pay: who writes what, and what is lacking."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.files.tests.factories import PNG, make_upload
from silian.kernel.notices.todos import todos_of
from silian.talent.assessments import services as assessments
from silian.talent.assessments.models import Assessment
from silian.talent.internships import services as internships
from silian.talent.internships.models import Internship
from silian.talent.internships.tests.factories import make_running
from silian.talent.practice import policy
from silian.talent.practice.models import Entry, Incident, Payment

pytestmark = pytest.mark.django_db
BEGAN = 70  # days ago


@pytest.fixture
def internship() -> Internship:
    return make_running(starts_on=clock.today() - timedelta(days=BEGAN))


def page(internship: Internship, name: str, *more: object) -> str:
    app = "assessments" if name in ("assessment", "decide", "certificate") else "practice"
    return reverse(f"{app}:{name}", args=[internship.consortium, internship.pk, *more])


PARTS = ["plan", "journal", "visits", "incidents", "pay", "assessment"]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_read_by_the_sides_and_by_nobody_else(
    part: str, internship: Internship, client: Client
) -> None:
    student = internship.student
    for user in (student.user, internship.school_mentor, make_staff(internship.unit)):
        client.force_login(user)  # type: ignore[arg-type]
        assert client.get(page(internship, part)).status_code == 200
    for user in (make_user(), make_secretary(internship.consortium)):
        client.force_login(user)
        assert client.get(page(internship, part)).status_code == 404


def test_a_week_is_written_handed_in_returned_and_confirmed(
    internship: Internship, client: Client
) -> None:
    client.force_login(internship.student.user)  # type: ignore[arg-type]
    week = {"week": f"{clock.today()}", "done": "装配减速机", "hours": "38"}
    client.post(page(internship, "entry_new"), week | {"uploads": make_upload("件.png", PNG)})
    entry = Entry.objects.get()
    assert entry.state == "draft" and entry.week.weekday() == 0 and entry.evidence.count() == 1
    client.force_login(internship.unit_mentor)  # type: ignore[arg-type]
    assert client.get(entry.get_absolute_url()).status_code == 404  # a draft is the student's
    client.force_login(internship.student.user)  # type: ignore[arg-type]
    client.post(page(internship, "entry_edit", entry.pk), week | {"hand_in": "1"})
    assert client.post(page(internship, "entry_confirm", entry.pk)).status_code == 403
    client.force_login(internship.unit_mentor)  # type: ignore[arg-type]
    assert any(
        "周记" in todo.label or "journal" in todo.label for todo in todos_of(internship.unit_mentor)
    )  # type: ignore[arg-type]
    client.post(page(internship, "entry_return", entry.pk), {"reason": "请写清楚用了哪些量具"})
    entry.refresh_from_db()
    assert entry.state == "returned" and "量具" in entry.answer
    client.force_login(internship.student.user)  # type: ignore[arg-type]
    client.post(page(internship, "entry_edit", entry.pk), week | {"hand_in": "1"})
    client.force_login(internship.school_mentor)  # type: ignore[arg-type]
    client.post(page(internship, "entry_confirm", entry.pk))
    entry.refresh_from_db()
    assert entry.state == "confirmed" and entry.answered_by == internship.school_mentor


def test_a_wrong_week_keeps_what_was_typed(internship: Internship, client: Client) -> None:
    client.force_login(internship.student.user)  # type: ignore[arg-type]
    late = clock.today() + timedelta(days=30)
    answer = client.post(page(internship, "entry_new"), {"week": f"{late}", "done": "写了很多字"})
    assert "week" in answer.context["form"].errors and "写了很多字" in answer.content.decode()
    assert not Entry.objects.exists()
    assert 'data-keep="entry-' in answer.content.decode()


def test_no_field_asks_where_somebody_is() -> None:
    names = {field.name for field in Entry._meta.get_fields()}
    assert not names & {"latitude", "longitude", "location", "place", "face", "address"}


def test_pay_that_is_late_or_short_is_told_to_the_school(
    internship: Internship, client: Client
) -> None:
    first = internship.starts_on.replace(day=1)
    assert policy.pay_gaps(internship)[0].is_late
    keeper = make_staff(internship.student.school)
    assert any(todo.url == page(internship, "pay") for todo in todos_of(keeper))
    client.force_login(make_staff(internship.unit))
    short = {"month": f"{first}", "amount": "1.00", "paid_on": f"{clock.today()}"}
    client.post(page(internship, "pay"), short)
    gap = next(gap for gap in policy.pay_gaps(internship) if gap.month == first)
    assert not gap.is_late and gap.paid == Decimal("1.00") and gap.due > 1
    client.post(page(internship, "pay"), short | {"amount": str(gap.due)})
    payment = Payment.objects.get()
    assert payment.amount == gap.due
    assert client.post(page(internship, "payment_confirm", payment.pk)).status_code == 403
    client.force_login(internship.student.user)  # type: ignore[arg-type]
    client.post(page(internship, "payment_dispute", payment.pk), {"reason": "只到账一半"})
    payment.refresh_from_db()
    assert payment.disputed == "只到账一半"
    client.post(page(internship, "payment_confirm", payment.pk))
    payment.refresh_from_db()
    assert payment.confirmed_at and not payment.disputed


def test_an_incident_is_told_at_once_and_closed_with_what_followed(
    internship: Internship, client: Client
) -> None:
    client.force_login(internship.unit_mentor)  # type: ignore[arg-type]
    moment = clock.now() - timedelta(hours=2)
    facts = {"happened_at": f"{moment:%Y-%m-%dT%H:%M}", "notified_at": f"{moment:%Y-%m-%dT%H:%M}"}
    facts |= {"severity": "minor", "what": "划伤", "done": "包扎", "notified": "学校"}
    early = f"{moment - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    bad = client.post(page(internship, "incidents"), facts | {"notified_at": early})
    assert "notified_at" in bad.context["form"].errors
    client.post(page(internship, "incidents"), facts)
    incident = Incident.objects.get()
    keeper = make_staff(internship.student.school)
    assert any(todo.url == page(internship, "incidents") for todo in todos_of(keeper))
    assert (
        client.post(page(internship, "incident_close", incident.pk), {"reason": "x"}).status_code
        == 403
    )
    client.force_login(keeper)
    client.post(page(internship, "incident_close", incident.pk), {"reason": "补训"})
    incident.refresh_from_db()
    assert incident.closed_at and incident.follow_up == "补训"
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(follow_up="")


def test_the_result_weighs_marks_of_several_and_makes_a_certificate(
    internship: Internship, client: Client
) -> None:
    keeper = make_staff(internship.student.school)
    for part, points in (("attendance", 100), ("process", 80), ("result", 90)):
        assessments.mark(internship, by=keeper, part=part, points=Decimal(points))
    client.force_login(keeper)
    assert client.post(page(internship, "decide")).status_code == 403  # it still runs
    internship.ends_on = clock.today()
    internships.save_internship(internship, by=keeper)
    internships.finish(internship, by=keeper)
    assert client.post(page(internship, "decide")).status_code == 403  # one assessor alone
    mentor = internship.unit_mentor
    assert mentor
    assessments.mark(internship, by=mentor, part="process", points=Decimal(60))
    client.post(page(internship, "decide"), {"summary": "认真负责"})
    found = Assessment.objects.get()
    assert found.points == Decimal("81.00") and found.grade == "good"  # 10 + 35 + 36
    answer: Any = client.get(page(internship, "certificate"))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    evidence = reverse("assessments:evidence", args=[internship.consortium, internship.unit_id])
    assert client.get(evidence).status_code == 404  # the unit's own people take it
    client.force_login(make_staff(internship.unit))
    archive: Any = client.get(evidence)
    assert b"".join(archive.streaming_content).startswith(b"PK")
