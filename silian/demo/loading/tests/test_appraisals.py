"""The appraisals of the demo: final, in publicity, under way and open, and all in step."""

import pytest
from django.test import Client

from silian.demo.loading import services
from silian.demo.testing.appraisals import APPEALS
from silian.education.results.models import Appeal, Outcome
from silian.education.results.policy import differing, latest
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.kernel.accounts.models import User
from silian.kernel.notices.todos import todos_of
from silian.talent.credentials.models import Certificate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", services.SLUGS)
def test_every_body_appraises(slug: str) -> None:
    rows = Appraisal.objects.filter(consortium__slug=slug)
    assert {"open", "under_way", "publicity", "published"} <= set(
        rows.values_list("state", flat=True)
    )
    told = rows.filter(state__in=Appraisal.TOLD)
    assert not [one for appraisal in told for one in differing(appraisal)]
    states = Entry.objects.filter(appraisal__in=rows.filter(state="open"))
    assert {"submitted", "accepted"} <= set(states.values_list("state", flat=True))


def test_certificates_come_from_a_final_appraisal() -> None:
    final = Appraisal.objects.get(consortium__slug="chongqing-bio", state="published")
    outcomes = latest(final).values()
    passed = {one.entry.person_id for one in outcomes if one.passed}
    assert passed and len(passed) < len(outcomes)
    rows = Certificate.objects.filter(candidate__achievement__isnull=False)
    here = rows.filter(consortium=final.consortium, level=final.level, earned_on=final.exam_on)
    assert passed == set(here.values_list("person", flat=True))


@pytest.mark.parametrize("slug", services.SLUGS)
def test_the_student_sees_a_result_and_in_one_body_has_appealed(client: Client, slug: str) -> None:
    student = User.objects.get(username=f"student.{slug}")
    client.force_login(student)
    shown = client.get("/me/results/")
    assert shown.status_code == 200
    outcome = Outcome.objects.get(entry__person__user=student)
    assert outcome.result == "failed" and outcome.entry.appraisal.title_en in shown.text
    appeals = Appeal.objects.filter(outcome=outcome, state="filed")
    assert appeals.count() == (slug in APPEALS)


def test_there_is_something_to_do() -> None:
    expert = User.objects.get(username="expert.mingshui")
    assert any("Review candidates" in str(todo.label) for todo in todos_of(expert))
    secretary = User.objects.get(username="secretary.mingshui")
    labels = [str(todo.label) for todo in todos_of(secretary)]
    assert any("looks at an appeal" in one for one in labels)
    assert any("Check entries" in one for one in labels)
