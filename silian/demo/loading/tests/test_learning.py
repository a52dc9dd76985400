"""The training of the demo: a year behind, something running, something to come."""

import pytest

from silian.demo.loading import services
from silian.education.completions.counting import year_of
from silian.education.completions.models import Aim, Completion
from silian.education.completions.policy import standings
from silian.education.courses.models import Session
from silian.education.enrolments.models import Enrolment
from silian.education.feedback.policy import results_of
from silian.education.fees.models import Receipt
from silian.education.needs.models import Pool
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db
BIG = "chongqing-bio"  # its article tells of two thousand people a year


@pytest.mark.parametrize("slug", services.SLUGS)
def test_every_body_trains(slug: str) -> None:
    sessions = Session.objects.filter(course__consortium__slug=slug)
    assert {"finished", "running", "open"} <= set(sessions.values_list("state", flat=True))
    waiting = Enrolment.objects.filter(session__in=sessions, state="waiting")
    assert waiting.count() == 3
    full = waiting[0].session
    assert full.taken == full.places_max and full.starts_on > clock.today()
    assert Pool.objects.filter(consortium__slug=slug, state="open").exists()


def test_two_thousand_people_were_trained_in_a_year() -> None:
    done = Completion.objects.filter(enrolment__session__course__consortium__slug=BIG)
    years = {day.year for day in done.values_list("completed_on", flat=True).distinct()}
    found = [year_of(done, year) for year in years]
    assert sum(year.people for year in found) > 2000
    assert sum(year.places for year in found) > sum(year.people for year in found)
    assert Aim.objects.get(consortium__slug=BIG).target.low == 2000


def test_what_is_told_of_a_session_agrees() -> None:
    session = Session.objects.filter(course__consortium__slug="mingshui", state="finished").latest(
        "ends_on"
    )
    rows = standings(session)
    assert [one.enrolment.state for one in rows if one.percent < 80] == ["failed"]
    assert results_of(session).shown
    receipts = Receipt.objects.filter(session=session)
    assert sorted(receipts.values_list("number", flat=True)) == list(range(1, receipts.count() + 1))


def test_the_student_learns_and_the_teacher_has_something_to_mark() -> None:
    session = Session.objects.get(course__consortium__slug="mingshui", state="running")
    student = User.objects.get(username="student.mingshui")
    teacher = User.objects.get(username="teacher.mingshui")
    assert session.enrolments.filter(person__user=student, state="enrolled").exists()
    assert sum(one.label.startswith("Homework: ") for one in todos_of(student)) == 2
    assert any(one.label.startswith("Mark the homework ") for one in todos_of(teacher))
