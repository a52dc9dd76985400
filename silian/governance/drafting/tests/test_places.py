import pytest
from django.utils.translation import override

from silian.governance.agreements.models import Agreement
from silian.governance.drafting import places, samples, terms
from silian.governance.drafting.tests.factories import make_draft
from silian.governance.members.tests.factories import make_consortium

KINDS = Agreement.Kind.values


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_terms_with_a_source_in_both_languages(kind: str) -> None:
    found = terms.terms_of(kind)
    assert any(term.required for term in found)
    assert len({term.name for term in found}) == len(found)
    for term in found:
        assert term.label_zh and term.label_en and term.source_zh and term.source_en
        assert bool(term.help_zh) == bool(term.help_en)
        assert bool(term.choices) == (term.type == "choice")
        assert not (term.required and term.source_zh == "")


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_of_every_kind_uses_known_places_and_all_that_is_needed(kind: str) -> None:
    text = samples.sample_text(kind)
    assert not places.unknown(text, kind)
    needed = {f"terms.{term.name}" for term in terms.terms_of(kind) if term.required}
    assert needed <= set(places.used(text))
    assert "starts_on" in text


def test_unknown_places_are_named_once_and_word_may_have_escaped_them() -> None:
    text = r"{{ title }} {{ terms.nothing }} {{terms.nothing}} \{\{ party\_1 \}\} {{ party_99 }}"
    assert places.used(text) == ["title", "terms.nothing", "party_1", "party_99"]
    assert places.unknown(text, "framework") == ["terms.nothing", "party_99"]


@pytest.mark.django_db
def test_places_are_filled_in_the_language_of_the_text() -> None:
    draft = make_draft(make_consortium(), title_zh="合作协议", title_en="Pact")
    draft.terms |= {"takes_interns": True, "purpose": "共建。"}
    first, second = draft.party_set.all()
    with override("en"):
        text = "{{ title }}，{{ party_1 }}，{{ terms.takes_interns }}，{{ terms.purpose }}。"
        filled, blank = places.filled(text + "{{ terms.dispute }}", draft)
    names = f"合作协议，{first.organisation.name_zh}，是，共建。"
    assert filled == names + places.BLANK
    assert blank == ["terms.dispute"]
    with override("zh-hans"):
        assert places.filled("{{ title }} {{ party_2 }}", draft)[0] == (
            f"Pact {second.organisation.name_en}"
        )


@pytest.mark.django_db
def test_missing_terms_are_those_needed_and_empty() -> None:
    draft = make_draft(make_consortium())
    assert not terms.missing(draft)
    draft.terms = {"purpose": ""}
    assert {term.name for term in terms.missing(draft)} == {"purpose", "content", "rights_duties"}
