"""One test a rule, and what a consortium, a reason and two people at once do to them."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import translation

from silian.governance.agreements import rules
from silian.governance.agreements.checks import CHECKS, years_after
from silian.governance.agreements.models import Agreement, RuleSetting, Waiver
from silian.governance.agreements.tests.factories import make_agreement
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_organisation,
    make_secretary,
)
from silian.kernel import clock
from silian.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db
Kind = Agreement.Kind


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


def school(**fields: object) -> Organisation:
    return make_organisation(Organisation.Kind.COLLEGE, **fields)


def broken(agreement: Agreement) -> list[str]:
    return [finding.rule.id for finding in rules.findings(agreement)]


def agreed(
    consortium: Consortium, kind: str, parties: Iterable[Organisation], **fields: object
) -> Agreement:
    return make_agreement(consortium, list(parties), kind=kind, **fields)


def test_every_rule_has_a_check_a_source_and_both_languages() -> None:
    found = rules.shipped()
    assert len({rule.id for rule in found}) == len(found)
    for rule in found:
        assert rule.check in CHECKS and rule.level in RuleSetting.Level
        assert rule.source_zh and rule.source_en and rule.message_zh and rule.message_en
        assert set(rule.kinds) <= set(Kind)
        assert rule.summary
    assert {rule.check for rule in found} == set(CHECKS)


def test_an_agreement_that_keeps_the_rules_has_no_findings(consortium: Consortium) -> None:
    signed = agreed(consortium, Kind.ORDER_CLASS, [school(), make_organisation()])
    assert broken(signed) == []
    rules.enforce(signed)


def test_two_parties(consortium: Consortium) -> None:
    alone = agreed(consortium, Kind.FRAMEWORK, [make_organisation()])
    assert broken(alone) == ["parties.two"]


def test_an_alliance_has_three_parties(consortium: Consortium) -> None:
    two = agreed(consortium, Kind.ALLIANCE, [school(), school()])
    assert broken(two) == ["alliance.three-parties"]
    assert broken(agreed(consortium, Kind.ALLIANCE, [school(), school(), school()])) == []


def test_the_term_ends_after_its_start(consortium: Consortium) -> None:
    today = clock.today()
    terms = {"starts_on": today.isoformat()}
    parties = [school(), make_organisation()]
    same_day = agreed(consortium, Kind.FRAMEWORK, parties, terms=terms, expires_on=today)
    assert broken(same_day) == ["term.ends-after-start"]
    same_day.expires_on = today + timedelta(days=1)
    assert broken(same_day) == []


@pytest.mark.parametrize("kind", [Kind.ORDER_CLASS, Kind.APPRENTICESHIP])
def test_joint_training_needs_a_school_and_an_employer(consortium: Consortium, kind: str) -> None:
    firms = agreed(consortium, kind, [make_organisation(), make_organisation()])
    assert broken(firms) == ["training.school-and-employer"]
    schools = agreed(consortium, kind, [school(), school()])
    assert broken(schools) == ["training.school-and-employer"]


def test_commissioned_training_needs_a_commissioner(consortium: Consortium) -> None:
    assert broken(agreed(consortium, Kind.COMMISSIONED, [school(), school()])) == [
        "commissioned.school-and-commissioner"
    ]
    bureau = make_organisation(Organisation.Kind.GOVERNMENT)
    assert broken(agreed(consortium, Kind.COMMISSIONED, [school(), bureau])) == []


def test_a_field_engineer_project_is_one_college_and_one_enterprise(consortium: Consortium) -> None:
    three = agreed(consortium, Kind.FIELD_ENGINEERS, [school(), school(), make_organisation()])
    assert broken(three) == ["field-engineers.one-college-one-enterprise"]
    assert "2" in rules.findings(three)[0].message
    assert broken(agreed(consortium, Kind.FIELD_ENGINEERS, [school(), make_organisation()])) == []


def test_an_enterprise_works_with_three_colleges_in_all_consortia(consortium: Consortium) -> None:
    firm = make_organisation()
    for state in ("signed", "signed"):
        agreed(make_consortium(), Kind.FIELD_ENGINEERS, [school(), firm], state=state)
    third = agreed(consortium, Kind.FIELD_ENGINEERS, [school(), firm])
    assert broken(third) == []
    Agreement.objects.filter(pk=third.pk).update(state="signed", signed_on=clock.today())
    fourth = agreed(consortium, Kind.FIELD_ENGINEERS, [school(), firm])
    assert broken(fourth) == ["field-engineers.three-colleges"]
    assert firm.name in rules.findings(fourth)[0].message


def test_drafts_and_ended_agreements_do_not_count_and_a_college_counts_once(
    consortium: Consortium,
) -> None:
    firm, known = make_organisation(), school()
    for college, state in ((known, "signed"), (known, "signed"), (school(), "signed")):
        agreed(consortium, Kind.FIELD_ENGINEERS, [college, firm], state=state)
    for state in ("draft", "ended"):
        agreed(consortium, Kind.FIELD_ENGINEERS, [school(), firm], state=state)
    assert broken(agreed(consortium, Kind.FIELD_ENGINEERS, [school(), firm])) == []


@pytest.mark.parametrize(
    "name", ["明水阀门有限公司济南分公司", "明水阀门有限公司（章丘分厂）", "明水阀门驻京办事处(筹)"]
)
def test_a_branch_takes_no_part_in_its_own_name(consortium: Consortium, name: str) -> None:
    branch = make_organisation(name_zh=name, name_en="")
    found = rules.findings(agreed(consortium, Kind.FIELD_ENGINEERS, [school(), branch]))
    assert [finding.rule.id for finding in found] == ["field-engineers.no-branch"]
    assert name in found[0].message
    assert broken(agreed(consortium, Kind.ORDER_CLASS, [school(), branch])) == []


def test_a_whole_company_is_no_branch(consortium: Consortium) -> None:
    whole = make_organisation(name_zh="卧龙电气(济南)电机有限公司")
    assert broken(agreed(consortium, Kind.FIELD_ENGINEERS, [school(), whole])) == []


def test_a_cooperation_that_takes_interns_lasts_three_years(consortium: Consortium) -> None:
    start = clock.today()
    terms = {"starts_on": start.isoformat(), "takes_interns": True}
    last = years_after(start, 3) - timedelta(days=1)
    parties = [school(), make_organisation()]
    short = agreed(
        consortium, Kind.FRAMEWORK, parties, terms=terms, expires_on=last - timedelta(days=1)
    )
    (finding,) = rules.findings(short)
    assert finding.rule.id == "interns.three-years" and finding.level == "warn"
    assert not finding.rule.verified
    with pytest.raises(rules.RulesBroken):
        rules.enforce(short)
    short.expires_on = last
    assert broken(short) == []
    short.expires_on, short.terms = start + timedelta(days=30), {"takes_interns": False}
    assert broken(short) == []


def test_a_technology_contract_is_registered_once(consortium: Consortium) -> None:
    seller, buyer = school(), make_organisation()
    terms = {"seller": seller.pk, "registration_number": "2026370100000123"}
    first = agreed(consortium, Kind.TECHNICAL_SERVICE, [seller, buyer], terms=terms)
    assert broken(first) == []
    second = agreed(make_consortium(), Kind.TECHNICAL_SERVICE, [seller, buyer], terms=terms)
    assert broken(second) == ["technology.registered-once"]
    assert "2026370100000123" in rules.findings(second)[0].message


def test_a_technology_contract_is_registered_by_a_party_that_is_the_seller(
    consortium: Consortium,
) -> None:
    parties = [school(), make_organisation()]
    for seller in (None, make_organisation().pk):
        contract = agreed(consortium, Kind.TECHNICAL_SERVICE, parties, terms={"seller": seller})
        assert broken(contract) == ["technology.registered-by-seller"]


def test_a_warning_is_passed_with_a_reason_that_is_kept(consortium: Consortium) -> None:
    terms = {"starts_on": clock.today().isoformat(), "takes_interns": True}
    short = agreed(
        consortium,
        Kind.ORDER_CLASS,
        [school(), make_organisation()],
        terms=terms,
        expires_on=clock.today() + timedelta(days=300),
    )
    secretary = make_secretary(consortium)
    (finding,) = rules.findings(short)
    rules.waive(short, finding.rule, by=secretary, reason="首期试点")
    (finding,) = rules.findings(short)
    assert finding.waiver and finding.waiver.reason == "首期试点" and not finding.hinders
    rules.enforce(short)
    entry = Entry.objects.about(short)[0]
    assert entry.why == "首期试点" and entry.by == secretary
    # a later version of the rule asks again
    Waiver.objects.update(version=0)
    assert rules.findings(short)[0].hinders


def test_a_block_cannot_be_passed_with_a_reason(consortium: Consortium) -> None:
    alone = agreed(consortium, Kind.FRAMEWORK, [make_organisation()])
    rules.waive(alone, rules.findings(alone)[0].rule, by=make_secretary(consortium), reason="因为")
    (finding,) = rules.findings(alone)
    assert finding.hinders and not finding.waivable


def test_a_waiver_without_a_reason_is_refused_by_the_database(consortium: Consortium) -> None:
    draft = make_agreement(consortium)
    facts = {"agreement": draft, "rule": "interns.three-years", "version": 1}
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.create(**facts, by=make_secretary(consortium), reason="")


def test_a_consortium_chooses_numbers_and_level_of_what_is_configurable(
    consortium: Consortium,
) -> None:
    firm, secretary = make_organisation(), make_secretary(consortium)
    agreed(consortium, Kind.FIELD_ENGINEERS, [school(), firm], state="signed")
    second = agreed(consortium, Kind.FIELD_ENGINEERS, [school(), firm])
    rule = rules.rule_named(consortium, "field-engineers.three-colleges")
    assert rule
    rules.set_rule(consortium, rule, by=secretary, level="warn", numbers={"most": 1})
    (finding,) = rules.findings(second)
    assert finding.level == "warn" and "1" in finding.message
    assert rules.rule_named(make_consortium(), rule.id) == rule  # nobody else is concerned
    assert Entry.objects.about(consortium)[0].detail["most"] == 1


def test_what_is_not_configurable_is_the_same_everywhere(consortium: Consortium) -> None:
    rule = rules.rule_named(consortium, "parties.two")
    assert rule
    with pytest.raises(ValueError, match="everywhere"):
        rules.set_rule(
            consortium, rule, by=make_secretary(consortium), level="warn", numbers={"least": 1}
        )


def test_messages_speak_the_readers_language(consortium: Consortium) -> None:
    alone = agreed(consortium, Kind.FRAMEWORK, [make_organisation()])
    assert rules.findings(alone)[0].message == "An agreement has at least 2 parties."
    with translation.override("zh-hans"):
        assert rules.findings(alone)[0].message == "协议至少要有2方当事人。"


@pytest.mark.django_db(transaction=True)
def test_two_agreements_of_one_enterprise_are_not_frozen_at_once() -> None:
    firm, consortium = make_organisation(), make_consortium()
    first, second = (
        agreed(consortium, Kind.FIELD_ENGINEERS, [school(), firm]) for _number in range(2)
    )

    def freeze_too() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '100ms'")
                with pytest.raises(OperationalError, match="lock timeout"):
                    rules.enforce(second)
                transaction.set_rollback(True)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        rules.enforce(first)
        pool.submit(freeze_too).result()


def test_years_after_a_leap_day() -> None:
    assert years_after(date(2024, 2, 29), 3) == date(2027, 3, 1)
    assert years_after(date(2024, 5, 16), 3) == date(2027, 5, 16)
