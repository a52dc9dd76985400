"""The agreements of the demo stand at every stage, with terms, texts, documents and templates."""

from collections import Counter

import pytest

from silian.governance.agreements.models import Agreement, Comment
from silian.governance.agreements.rules import findings
from silian.governance.drafting import places
from silian.governance.drafting.models import Template
from silian.governance.drafting.readiness import obstacles
from silian.governance.drafting.terms import missing

pytestmark = pytest.mark.django_db


def test_agreements_stand_at_every_stage() -> None:
    there = Agreement.objects.filter(consortium__slug="mingshui")
    states = Counter(there.values_list("state", flat=True))
    assert states["draft"] >= 6
    assert states["signing"] == 12
    assert states["signed"] + states["ended"] == 11
    assert set(there.values_list("kind", flat=True)) >= {"commissioned", "apprenticeship"}


def test_what_is_signed_says_all_that_its_kind_asks_for_and_keeps_the_rules() -> None:
    for agreement in Agreement.objects.exclude(state="draft"):
        assert not missing(agreement), agreement
        assert not [found for found in findings(agreement) if found.level == "block"], agreement
        assert not places.used(agreement.versions.get().text)


def test_some_can_be_frozen_and_some_are_talked_about() -> None:
    drafts = Agreement.objects.filter(state="draft")
    assert sum(not obstacles(draft) for draft in drafts) >= 3
    assert Comment.objects.filter(settled_at=None).exists()
    assert Comment.objects.exclude(settled_at=None).exists()
    assert drafts.filter(versions__number=2).exists()
    assert drafts.filter(versions=None).exists()


def test_documents_are_at_hand_with_their_numbers() -> None:
    frozen = Agreement.objects.exclude(frozen=None)
    assert frozen.count() >= 6
    assert all("-XY-" in agreement.number and agreement.check_code for agreement in frozen)


def test_templates_are_ready() -> None:
    for template in Template.objects.all():
        assert not places.unknown(template.text, template.kind)
    assert set(Counter(Template.objects.values_list("consortium", flat=True)).values()) == {4}
