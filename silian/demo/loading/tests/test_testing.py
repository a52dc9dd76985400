"""The demo's item banks: sound, reviewed, used once, and papers that add up."""

import pytest
from django.test import Client

from silian.demo.testing.items import BODIES
from silian.education.banks.models import Bank
from silian.education.items.models import Use, Version
from silian.education.marking.models import Mark, Marking
from silian.education.marking.policy import apart
from silian.education.marking.scores import theory_scores
from silian.education.papers.models import Paper
from silian.education.papers.services import faults
from silian.education.questions.schema import Kind, problems
from silian.kernel.accounts.models import User
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db


def test_two_bodies_have_banks_with_every_kind_of_item_at_every_stage() -> None:
    assert set(Bank.objects.values_list("consortium__slug", flat=True)) == set(BODIES)
    versions = Version.objects.all()
    assert {version.kind for version in versions} == set(Kind.values)
    assert {version.state for version in versions} == {"draft", "review", "approved"}
    assert len(versions) > 200
    assert not [wrong for one in versions for wrong in problems(one.content, one.key)]


def test_a_past_exam_measured_items_and_a_paper_waits_for_approval() -> None:
    assert {paper.state for paper in Paper.objects.all()} == {"approved", "review"}
    assert not [fault for paper in Paper.objects.all() for fault in faults(paper)]
    figures = list(Use.objects.values_list("facility", "discrimination"))
    assert figures and all(0 < facility <= 1 for facility, _discrimination in figures)
    known = [discrimination for _facility, discrimination in figures if discrimination]
    assert sum(known) / len(known) > 0.1
    waiting = Paper.objects.filter(state="review", forms__number=2)
    assert waiting.count() == len(BODIES)


@pytest.mark.parametrize("slug", BODIES)
def test_past_exams_are_signed_and_essays_wait_for_the_teacher(client: Client, slug: str) -> None:
    markings = Marking.objects.filter(exam__consortium__slug=slug)
    assert sorted(markings.values_list("state", flat=True)) == ["complete", "complete", "open"]
    signed = markings.filter(state="complete")
    assert all(score for one in signed for score in theory_scores(one.exam).values())
    assert Mark.objects.filter(marker__marking__in=signed, turn=3).exists()
    waiting = apart(markings.get(state="open"))
    assert waiting.count() == 1, "two differ, and a third has not been there yet"
    teacher = User.objects.get(username=f"teacher.{slug}")
    todo = next(one for one in todos_of(teacher) if "Mark answers" in str(one.label))
    assert todo.count > 10
    client.force_login(teacher)
    assert client.get(todo.url).status_code == 200
    head = signed[0].completed_by
    assert head
    client.force_login(head)
    for one in markings:
        assert client.get(one.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("slug", BODIES)
def test_authors_and_reviewers_have_something_to_do(client: Client, slug: str) -> None:
    reviewer = User.objects.get(username=f"enterprise.{slug}")
    labels = [str(todo.label) for todo in todos_of(reviewer)]
    assert any("Items to review" in label for label in labels)
    assert any("Approve the paper" in label for label in labels)
    client.force_login(reviewer)
    for page in ("items", "papers", "items/banks", "papers/blueprints"):
        assert client.get(f"/{slug}/{page}/").status_code == 200
    client.force_login(User.objects.get(username=f"student.{slug}"))
    assert client.get(f"/{slug}/items/").status_code == 404
