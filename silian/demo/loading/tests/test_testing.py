"""The demo's item banks: sound, reviewed, used once, and papers that add up."""

import pytest
from django.test import Client

from silian.demo.testing.items import BODIES
from silian.education.banks.models import Bank
from silian.education.items.models import Use, Version
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
    figures = Use.objects.values_list("facility", "discrimination")
    assert all(0.3 < facility < 1 and discrimination > 0 for facility, discrimination in figures)
    waiting = Paper.objects.filter(state="review", forms__number=2)
    assert waiting.count() == len(BODIES)


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
