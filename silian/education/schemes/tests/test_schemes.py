"""Which rule counts, and who sets it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from silian.education.schemes import services, terms
from silian.education.schemes.levels import SkillLevel
from silian.education.schemes.models import Part, Scheme
from silian.engines.passing import Part as Asked
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.tests.factories import make_code

pytestmark = pytest.mark.django_db
TYPED = {
    "level": "l3",
    "valid_months": 12,
    "publicity_days": 7,
    "appeal_days": 5,
    "difference": 8,
    "source": "国家职业标准",
    "theory-used": "on",
    "theory-method": "computer",
    "theory-pass_mark": 70,
    "theory-needed": "on",
    "practical-used": "on",
    "practical-method": "on_site",
    "practical-pass_mark": 60,
    "practical-judged": "on",
    "practical-needed": "on",
}


def test_where_nothing_is_set_national_standards_count() -> None:
    names = {
        level: [
            one["part"]
            for one in terms.frozen(terms.usual(level), terms.usual_parts(level))["parts"]
        ]
        for level in SkillLevel.values
    }
    assert names["l4"] == ["theory", "practical"]
    assert names["l2"] == names["l1"] == ["theory", "practical", "review"]
    assert names["apprentice"] == ["practical"] and names["chief"] == ["review", "performance"]
    rules = terms.rules_of(terms.frozen(terms.usual("l4"), terms.usual_parts("l4")))
    assert rules.parts[0] == Asked("theory", Decimal(60)) and rules.good is None


def test_the_nearest_rule_counts() -> None:
    consortium, body, occupation = make_consortium(), make_organisation(), make_code()
    facts = {"consortium": consortium, "level": "l4"}

    def found() -> Scheme | None:
        return terms.scheme_for(consortium, body, occupation, "l4")

    assert found() is None
    general = Scheme.objects.create(**facts)
    assert found() == general
    special = Scheme.objects.create(occupation=occupation, **facts)
    assert found() == special
    own = Scheme.objects.create(organisation=body, **facts)
    assert found() == own, "the body's own goes before the consortium's"
    nearest = Scheme.objects.create(organisation=body, occupation=occupation, **facts)
    assert found() == nearest
    with pytest.raises(IntegrityError), transaction.atomic():
        Scheme.objects.create(**facts)


def test_the_secretariat_sets_a_rule_and_a_mistake_costs_nothing_that_was_typed(
    client: Client,
) -> None:
    consortium = make_consortium()
    client.force_login(make_secretary(consortium))
    address = reverse("schemes:scheme_new", args=[consortium])
    refused = client.post(address, TYPED | {"excellent": 95, "theory-pass_mark": 120})
    assert "国家职业标准" in refused.text and Scheme.objects.count() == 0
    assert "at least as much as good" in refused.text
    nothing = {name: text for name, text in TYPED.items() if not name.endswith("needed")}
    assert "At least one part" in client.post(address, nothing).text
    client.post(address, TYPED | {"good": 80, "excellent": 95})
    scheme = Scheme.objects.get()
    kept = terms.frozen(scheme, scheme.parts.all())
    assert kept["good"] == "80.00" and [one["judged"] for one in kept["parts"]] == [False, True]
    assert kept["parts"][0]["pass_mark"] == "70.00"
    again = client.post(address, TYPED)
    assert "rule for this level already" in again.text
    edit = reverse("schemes:scheme_edit", args=[consortium, scheme.pk])
    assert 'value="70.00"' in client.get(edit).text
    client.post(reverse("schemes:scheme_remove", args=[consortium, scheme.pk]))
    assert not Scheme.objects.exists()


def test_a_body_sets_its_own_rule_only_and_everybody_reads_them(client: Client) -> None:
    consortium, body, other = make_consortium(), make_organisation(), make_organisation()
    for one in (body, other):
        make_membership(consortium, one)
    client.force_login(make_staff(body))
    address = reverse("schemes:scheme_new", args=[consortium])
    assert "This field is required" in client.post(address, TYPED).text
    client.post(address, TYPED | {"organisation": body.pk})
    scheme = Scheme.objects.get()
    edit = reverse("schemes:scheme_edit", args=[consortium, scheme.pk])
    for user, status in ((make_staff(body), 200), (make_staff(other), 403), (make_user(), 403)):
        client.force_login(user)
        assert client.get(edit).status_code == status
    client.force_login(make_user())
    assert client.get(address).status_code == 403
    client.logout()
    assert body.name_en in client.get(reverse("schemes:scheme_index", args=[consortium])).text


def test_a_rule_keeps_its_parts_in_order() -> None:
    scheme = Scheme(consortium=make_consortium(), level="l2")
    parts = [Part(kind=kind, method="oral") for kind in ("review", "ethics")]
    services.save_scheme(scheme, parts, by=make_user())
    assert terms.part_names(terms.frozen(scheme, scheme.parts.all())) == ["ethics", "review"]
