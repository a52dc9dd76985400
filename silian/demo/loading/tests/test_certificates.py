"""The demo's certificates: a year of them, lists at each stage, and what a stranger is told."""

import pytest
from django.core.cache import cache
from django.test import Client

from silian.demo.loading.services import SLUGS
from silian.kernel.accounts.models import User
from silian.kernel.notices.todos import todos_of
from silian.talent.credentials.models import Certificate, Officer
from silian.talent.credentials.scales import Family
from silian.talent.issuing.models import Batch

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", SLUGS)
def test_every_body_has_issued_certificates_of_each_family(slug: str) -> None:
    there = Certificate.objects.filter(consortium__slug=slug)
    assert set(there.values_list("family", flat=True)) == set(Family.values)
    states = set(Batch.objects.filter(consortium__slug=slug).values_list("state", flat=True))
    assert states == {"publicity", "draft", "issued"}


def test_mingshui_has_a_year_of_three_hundred() -> None:
    there = Certificate.objects.filter(consortium__slug="mingshui")
    assert 290 <= there.count() <= 310
    assert set(there.values_list("state", flat=True)) == {"valid", "revoked", "corrected"}


def test_the_officer_finds_what_waits_and_a_stranger_what_counts(client: Client) -> None:
    cache.clear()
    officer = Officer.objects.filter(consortium__slug="mingshui").get()
    assert "Issue “1+X考核拟发证名单”" in [todo.label for todo in todos_of(officer.user)]
    for state in ("valid", "revoked"):
        one = Certificate.objects.filter(consortium__slug="mingshui", state=state).first()
        assert one is not None
        page = client.post("/verify/", {"number": one.number, "name": one.name})
        assert page.context["answer"].outcome == state


def test_the_offered_student_holds_one(client: Client) -> None:
    holders = User.objects.filter(username__startswith="student", person__certificates__gt=0)
    assert holders.distinct().count() >= 5
