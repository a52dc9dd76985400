from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import (
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.calendars.events import events_of
from silian.kernel.notices.todos import todos_of
from silian.kernel.sheets.registry import Row
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.tests.factories import make_cohort, make_learner
from silian.talent.mentoring.imports import MentorHours
from silian.talent.mentoring.models import Hours, Mentor
from silian.talent.mentoring.statements import Quarter, statement_of
from silian.talent.mentoring.tests.factories import make_hours, make_mentor
from silian.talent.rotations.tests.factories import make_group, make_phase, make_stay

pytestmark = pytest.mark.django_db


def page_of(cohort: Cohort) -> str:
    return f"/{cohort.consortium.slug}/cohorts/{cohort.pk}/mentors/"


def test_a_mentor_of_the_firm_has_no_more_apprentices_than_the_rule_or_the_agreement_says(
    client: Client,
) -> None:
    cohort = make_cohort(state="running")
    learners = [make_learner(cohort, Learner.State.SELECTED) for _ in range(6)]
    client.force_login(make_staff(cohort.enterprise))
    typed = {
        "organisation": cohort.enterprise_id,
        "name": "周师傅",
        "fee": 80,
        "since": f"{clock.today()}",
        "learners": [one.pk for one in learners],
    }
    text = client.post(f"{page_of(cohort)}new/", typed).text
    assert "at most 5 apprentices" in text and not Mentor.objects.exists()
    cohort.agreement.terms |= {"mentor_ratio": "1:3"}
    cohort.agreement.save()
    typed["learners"] = [one.pk for one in learners[:4]]
    assert "at most 3 apprentices" in client.post(f"{page_of(cohort)}new/", typed).text
    client.post(f"{page_of(cohort)}new/", typed | {"learners": [one.pk for one in learners[:3]]})
    assert Mentor.objects.get().learners.count() == 3
    other = typed | {"organisation": cohort.school_id}
    assert "valid choice" in client.post(f"{page_of(cohort)}new/", other).text


def test_hours_count_once_the_other_side_confirmed_them(client: Client) -> None:
    cohort = make_cohort(state="running")
    own = make_user()
    mentor = make_mentor(cohort, user=own)
    client.force_login(own)
    page = f"{page_of(cohort)}{mentor.pk}/"
    tomorrow = clock.today() + timedelta(days=1)
    wrong = {"on": f"{tomorrow}", "hours": "25", "what": "数控车削"}
    text = client.post(f"{page}hours/", wrong).text
    assert "in the future" in text and "at most 24" in text and "数控车削" in text
    client.post(f"{page}hours/", wrong | {"on": f"{clock.today()}", "hours": "4"})
    hours = Hours.objects.get()
    line = f"{page_of(cohort)}hours/{hours.pk}/"
    client.force_login(make_staff(cohort.enterprise))
    assert client.post(f"{line}confirm/").status_code == 403
    school = make_staff(cohort.school)
    assert any("Confirm mentors" in todo.label for todo in todos_of(school))
    client.force_login(school)
    client.post(f"{line}object/", {"reason": ""})
    client.post(f"{line}object/", {"reason": "当日停产"})
    hours.refresh_from_db()
    assert (hours.state, hours.remark) == ("objected", "当日停产")
    client.force_login(own)
    client.post(f"{line}correct/", {"on": f"{clock.today()}", "hours": "2", "what": "线上指导"})
    client.force_login(school)
    client.post(f"{page_of(cohort)}hours/confirm/")
    hours.refresh_from_db()
    assert (hours.state, hours.hours) == ("confirmed", 2)
    assert client.post(f"{line}confirm/").status_code == 403


def test_the_statement_of_a_quarter_is_of_confirmed_hours(client: Client) -> None:
    cohort = make_cohort(state="running")
    mentor = make_mentor(cohort, fee="120.50")
    make_hours(mentor, 3, state="confirmed")
    make_hours(mentor, 2)
    make_hours(mentor, 8, state="confirmed", on=Quarter.of(clock.today()).previous.last)
    now = Quarter.of(clock.today())
    [line] = statement_of(cohort, now).lines
    assert (line.hours, line.open_hours, str(line.fee)) == (3, 2, "361.50")
    client.force_login(make_staff(cohort.school))
    page = f"{page_of(cohort)}statement/"
    assert "¥361.50" in client.get(page).text
    assert client.get(f"{page}{now.year}-{now.number}/?export=csv").status_code == 200
    pdf = client.get(f"{page}{now.year}-{now.number}.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert client.get(f"{page}2001-1/").status_code == 404


def test_mentors_concern_both_sides_and_themselves(client: Client) -> None:
    cohort = make_cohort(state="running")
    mentor = make_mentor(cohort)
    hours = make_hours(mentor)
    pages = [
        page_of(cohort),
        f"{page_of(cohort)}{mentor.pk}/",
        f"{page_of(cohort)}hours/",
        f"{page_of(cohort)}hours/{hours.pk}/",
    ]
    for reader in (make_staff(cohort.school), make_secretary(cohort.consortium)):
        client.force_login(reader)
        assert {client.get(page).status_code for page in pages} == {200}
        assert client.get(f"{page_of(cohort)}{mentor.pk}/hours/").status_code == 403
    client.force_login(make_staff(make_membership(cohort.consortium).organisation))
    assert {client.get(page).status_code for page in pages} == {404}
    client.logout()
    assert {client.get(page).status_code for page in pages} == {302}


def test_hours_come_by_a_sheet_for_ones_own_mentors_only() -> None:
    cohort = make_cohort(state="running")
    mentor = make_mentor(cohort, name="周师傅")
    sheet = MentorHours()
    form = sheet.form(cohort)
    form.data = {"mentor": "周师傅", "on": f"{clock.today()}", "hours": "3.5", "what": "考核"}
    form.is_bound = True
    assert form.is_valid(), form.errors
    rows = [Row(2, form.cleaned_data)]
    firm = make_staff(cohort.enterprise)
    with pytest.raises(Exception, match="周师傅"):
        sheet.save(rows, cohort, by=make_staff(cohort.school), progress=lambda done: None)
    assert sheet.save(rows, cohort, by=firm, progress=lambda done: None) == 1
    assert mentor.hours.get().by == firm
    assert not sheet.permitted(make_user(), cohort)


def test_a_mentor_sees_when_apprentices_come() -> None:
    cohort = make_cohort(state="running")
    group = make_group(cohort, 1)
    stay = make_stay(group, make_phase(cohort))
    mentor = make_mentor(cohort, user=make_user())
    assert not events_of(mentor.user)
    mentor.learners.set([group.members.get().learner])
    assert [event.key for event in events_of(mentor.user)] == [f"cohort-stay-{stay.pk}"]


def test_the_lists_ask_as_often_for_30_rows_as_for_one(client: Client) -> None:
    cohort = make_cohort(state="running")
    client.force_login(make_staff(cohort.school))
    for address in ("", "hours/"):
        counts = []
        for more in (1, 29):
            for _ in range(more):
                make_hours(make_mentor(cohort))
            client.get(page_of(cohort) + address)
            with CaptureQueriesContext(connection) as asked:
                client.get(page_of(cohort) + address)
            counts.append(len(asked))
        assert counts[0] == counts[1]
