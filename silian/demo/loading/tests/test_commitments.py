"""What follows from the demo's agreements: something past, something running, something to come."""

from collections import Counter

import pytest
from django.db.models import Sum

from silian.demo.loading import services
from silian.governance.agreements.models import Agreement
from silian.governance.changes.models import EarlyEnd, Registration
from silian.governance.commitments.models import Commitment, Evaluation
from silian.governance.contributions.models import Entry, Pledge
from silian.kernel import clock
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.rules import findings as cohort_findings
from silian.talent.mentoring.models import Hours
from silian.talent.outcomes.models import Outcome
from silian.talent.settlements.counting import counted
from silian.talent.settlements.models import Line, Settlement

pytestmark = pytest.mark.django_db


def test_every_agreement_in_force_binds_and_gives_in_all_five_bodies() -> None:
    signed = Agreement.objects.filter(signed_on__isnull=False, amends=None)
    assert {a.consortium.slug for a in signed} == set(services.SLUGS)
    for agreement in signed:
        assert agreement.commitments.exists() and agreement.pledges.exists(), agreement
        assert agreement.evaluations.exists(), agreement


def test_commitments_stand_at_every_stage() -> None:
    states = Counter(Commitment.objects.values_list("state", flat=True))
    assert {"open", "reported", "met", "missed"} <= set(states)
    assert Commitment.objects.overdue().exists()
    assert Commitment.objects.filter(due__gt=clock.today()).exists()
    assert not Commitment.objects.filter(settled_on__gt=clock.today()).exists()
    assert set(Evaluation.objects.values_list("state", flat=True)) == {"open", "concluded"}


def test_the_ledger_adds_up() -> None:
    for pledge in Pledge.objects.with_sums():
        confirmed = Entry.objects.confirmed().filter(pledge=pledge)
        assert pledge.delivered == (confirmed.aggregate(n=Sum("amount"))["n"] or 0)
        assert 0 <= pledge.delivered <= pledge.amount
    assert Entry.objects.waiting().exists()
    assert {entry.state for entry in Entry.objects.all()} >= {"reversed", "reversal", "confirmed"}
    assert not Entry.objects.filter(on__gt=clock.today()).exists()
    base = Pledge.objects.with_sums().get(
        agreement__consortium__slug="shengong-yigu", text_zh="实训基地基础设施投入"
    )
    assert base.giver.name_zh.startswith("亿工")


def test_one_amendment_is_signed_one_renewal_negotiated_one_ended_early() -> None:
    amendment = Agreement.objects.get(amends__isnull=False)
    assert amendment.state == "signed" and amendment.amends
    assert amendment.amends.expires_on == amendment.expires_on
    assert Agreement.objects.get(renews__isnull=False).state == "draft"
    assert set(EarlyEnd.objects.values_list("state", flat=True)) == {"done", "proposed"}
    assert Agreement.objects.get(end="early").ended_on < clock.today()
    assert Registration.objects.get().seller.is_school


def test_cohorts_of_all_five_bodies_stand_at_every_stage() -> None:
    cohorts = Cohort.objects.all()
    assert {cohort.consortium.slug for cohort in cohorts} == set(services.SLUGS)
    assert {cohort.state for cohort in cohorts} == {"selecting", "running", "finished"}
    for cohort in cohorts:
        assert not [found for found in cohort_findings(cohort) if found.rule.level == "block"]
        assert cohort.learners.exists(), cohort
    mingshui = cohorts.filter(consortium__slug="mingshui")
    kinds = Counter(mingshui.values_list("kind", flat=True))
    assert (kinds["field_engineers"], kinds["order_class"]) == (2, 2)
    assert cohorts.filter(title_zh__contains="卓越药学人才").count() == 3


def test_what_cohorts_promised_was_settled_from_what_was_done() -> None:
    states = Counter(Settlement.objects.values_list("state", flat=True))
    assert {"open", "objected", "agreed"} <= set(states)
    for line in Line.objects.select_related("promise__cohort", "promise__giver", "settlement"):
        assert line.actual == counted(line.promise, line.settlement.time), line
    assert Outcome.objects.filter(moment="half_year").exists()
    assert Hours.objects.filter(state="logged").exists()
    assert not Hours.objects.filter(on__gt=clock.today()).exists()
