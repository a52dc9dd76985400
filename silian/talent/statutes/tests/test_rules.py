"""Each rule of law fires on what it forbids and is silent on what it allows."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.kernel.accounts.tests.factories import make_user
from silian.talent.statutes.checks import CHECKS, Facts, birthday, category
from silian.talent.statutes.rules import OFFER, applied, judged, rules_of, shipped
from silian.talent.statutes.services import set_rule

DAY = date(2026, 3, 2)
LAWFUL = Facts(
    kind="post",
    starts_on=DAY,
    ends_on=DAY + timedelta(days=150),
    entered=2024,
    born_on=date(2007, 5, 1),
    gender="male",
    student_code="460104",
    post_codes=frozenset({"46"}),
    industry="3453",
    staff=100,
    interns=10,
    post_staff=50,
    post_interns=10,
    hours_a_day=Decimal(8),
    hours_a_week=Decimal(40),
    unusual_hours=False,
    exempted=False,
    labour_grade=2,
    hazardous=False,
    barred_minors=False,
    barred_women=False,
    agent="",
    charges=False,
    independent=True,
    pay=Decimal(3200),
    wage=Decimal(4000),
    probation_wage=Decimal(3600),
    pay_form="currency",
    pay_cycle="month",
    payee="student",
    mentors=frozenset({"school", "unit"}),
    has_tasks=True,
    scheme={"attendance": 10, "process": 50, "result": 40},
    insured=(DAY, DAY + timedelta(days=150)),
    id_checked=True,
    unit_checked=True,
    signed=True,
    guardian_signed=True,
)
OLD = date(2021, 3, 1)  # judged by the text of 2016
UNDERGRADUATE: dict[str, Any] = {"student_code": "080202", "post_codes": frozenset({"08"})}

# rule, what breaks it, what is just allowed
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("student.not-first-year", {"entered": 2025}, {"entered": 2024}),
    ("student.age-16", {"born_on": date(2010, 3, 3)}, {"born_on": date(2010, 3, 2)}),
    ("student.age-16", {"born_on": None}, {}),
    (
        "student.minors-barred-work",
        {"born_on": date(2009, 1, 1), "barred_minors": True},
        {"barred_minors": True},
    ),
    (
        "student.women-barred-work",
        {"gender": "female", "barred_women": True},
        {"gender": "male", "barred_women": True},
    ),
    *[("unit.barred-place", {"industry": code}, {}) for code in ("6233", "8051", "9011", "9013")],
    ("unit.no-intermediary", {"industry": "7262"}, {"industry": "7261"}),
    ("unit.no-intermediary", {"industry": "7263"}, {"industry": "7264"}),
    ("arranged.no-agent", {"agent": "某人力公司"}, {"agent": " "}),
    ("work.labour-grade", {"labour_grade": 3}, {"labour_grade": 2}),
    ("work.hazardous", {"hazardous": True}, {"hazardous": True, "exempted": True}),
    ("unit.id-card", {"id_checked": False}, {}),
    ("cap.unit", {"interns": 11}, {"interns": 10}),
    ("cap.unit", {"staff": None}, {}),
    ("cap.post", {"post_interns": 11}, {"post_interns": 10}),
    ("hours.day", {"hours_a_day": Decimal("8.5")}, {"hours_a_day": Decimal(6)}),
    ("hours.day", {"hours_a_day": None}, {}),
    ("hours.week", {"hours_a_week": Decimal(41)}, {"hours_a_week": Decimal(40)}),
    (
        "hours.day-undergraduate",
        {**UNDERGRADUATE, "hours_a_day": Decimal(9)},
        {**UNDERGRADUATE, "hours_a_day": Decimal(8)},
    ),
    (
        "hours.week-undergraduate",
        {**UNDERGRADUATE, "hours_a_week": Decimal(45)},
        {**UNDERGRADUATE, "hours_a_week": Decimal(44)},
    ),
    ("hours.unusual", {"unusual_hours": True}, {"unusual_hours": True, "exempted": True}),
    ("pay.floor", {"pay": Decimal("3199.99")}, {"pay": Decimal(3200)}),
    ("pay.floor", {"pay": None}, {"pay": None, "independent": False}),
    (
        "pay.floor-undergraduate",
        {**UNDERGRADUATE, "pay": Decimal(2879)},
        {**UNDERGRADUATE, "pay": Decimal(2880)},
    ),
    ("pay.currency", {"pay_form": "goods"}, {}),
    ("pay.monthly", {"pay_cycle": "longer"}, {"pay_cycle": "week"}),
    ("pay.payee", {"payee": "other"}, {}),
    ("charges.none", {"charges": True}, {}),
    ("length.usual", {"ends_on": DAY + timedelta(days=200)}, {"ends_on": DAY + timedelta(185)}),
    (
        "length.usual",
        {"student_code": "520201", "ends_on": DAY + timedelta(days=320)},
        {"student_code": "520201", "ends_on": DAY + timedelta(days=300)},
    ),
    ("programme.category", {"post_codes": frozenset({"53"})}, {"post_codes": frozenset({"66"})}),
    ("programme.category", {"post_codes": frozenset()}, {}),
    ("content.tasks", {"has_tasks": False}, {}),
    ("insurance.covers", {"insured": None}, {}),
    ("insurance.covers", {"insured": (DAY, DAY + timedelta(days=149))}, {}),
    ("insurance.covers", {"insured": (DAY + timedelta(1), DAY + timedelta(days=150))}, {}),
    ("mentors.two", {"mentors": frozenset({"school"})}, {}),
    ("unit.checked", {"unit_checked": False}, {}),
    ("assessment.scheme", {"scheme": {"attendance": 100, "process": 0, "result": 0}}, {}),
    ("assessment.scheme", {"scheme": {"attendance": 10, "process": 50, "result": 50}}, {}),
    ("agreement.signed", {"signed": False}, {}),
    ("consent.guardian", {"guardian_signed": False}, {}),
]
OF_2016: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("cap.unit", {"interns": 11}, {}),
    ("cap.post", {"post_interns": 11}, {}),
    ("pay.floor", {"pay": Decimal(2879)}, {"pay": Decimal(2880)}),  # 80 % of the probation wage
    (
        "consent.guardian",
        {"guardian_signed": False, "born_on": date(2004, 1, 1)},
        {"guardian_signed": False, "born_on": date(2002, 1, 1)},
    ),
]


def broken(facts: Facts) -> dict[str, Any]:
    rules = [rule for rule in shipped() if rule.counts_for(facts)]
    return {finding.rule.id: finding for finding in judged(facts, rules, {})}


@pytest.mark.parametrize(("rule", "bad", "good"), CASES)
def test_a_rule_fires_and_does_not(rule: str, bad: dict[str, Any], good: dict[str, Any]) -> None:
    assert rule in broken(replace(LAWFUL, **bad))
    assert rule not in broken(replace(LAWFUL, **good))


@pytest.mark.parametrize(("rule", "bad", "good"), OF_2016)
def test_what_began_before_2022_is_judged_by_the_text_of_2016(
    rule: str, bad: dict[str, Any], good: dict[str, Any]
) -> None:
    facts = replace(
        LAWFUL,
        starts_on=OLD,
        ends_on=OLD + timedelta(days=150),
        entered=2018,
        born_on=date(2002, 1, 1),
    )
    found = broken(replace(facts, **bad))
    assert found[rule].level == "block" and found[rule].rule.version == 1
    assert rule not in broken(replace(facts, **good))


def test_nothing_speaks_against_what_keeps_every_rule() -> None:
    assert broken(LAWFUL) == {}


def test_every_rule_has_a_case_and_a_check_that_exists() -> None:
    assert {rule.id for rule in shipped()} == {rule for rule, _bad, _good in CASES}
    assert {rule.check for rule in shipped()} == set(CHECKS)
    assert all(rule.source_zh and rule.message_zh and rule.message_en for rule in shipped())


def test_undergraduates_follow_another_text() -> None:
    facts = replace(LAWFUL, **UNDERGRADUATE, hours_a_week=Decimal(44), guardian_signed=False)
    assert broken(facts) == {}


@pytest.mark.parametrize("entered", [2025])
def test_an_observation_is_asked_less(entered: int) -> None:
    facts = replace(LAWFUL, kind="observation", entered=entered, pay=None, guardian_signed=False)
    assert broken(facts) == {}


def test_vocational_categories_are_the_same_at_every_level() -> None:
    assert category("460104") == category("660101") == category("260101")
    assert category("460104") != category("530101")
    assert category("080202") == "08"


def test_somebody_born_on_29_february_comes_of_age_on_1_march() -> None:
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)


@pytest.mark.django_db
def test_a_consortium_sets_its_caps_and_nothing_else() -> None:
    consortium = make_consortium()
    cap = next(r for r in rules_of(consortium) if r.id == "cap.unit" and r.version == 2)
    set_rule(consortium, cap, by=make_user(), level="block", numbers={"percent": 5})
    rules = applied(LAWFUL, consortium, OFFER)
    found = {f.rule.id: f for f in judged(replace(LAWFUL, interns=6), rules, {})}
    assert found["cap.unit"].level == "block"
    age = next(rule for rule in rules_of(consortium) if rule.id == "student.age-16")
    with pytest.raises(ValueError, match="same everywhere"):
        set_rule(consortium, age, by=make_user(), level="warn", numbers={"years": 14})


@pytest.mark.django_db
def test_the_page_lists_rules_with_sources_and_the_secretariat_sets_some(client: Client) -> None:
    consortium = make_consortium()
    index = reverse("statutes:rule_index", args=[consortium])
    page = client.get(index, headers={"accept-language": "zh-hans"}).content.decode()
    assert "教职成〔2021〕4号" in page and "未满16周岁" in page
    edit = reverse("statutes:rule_set", args=[consortium, "cap.unit"])
    client.force_login(make_user())
    assert client.get(edit).status_code == 403
    client.force_login(make_secretary(consortium))
    assert client.post(edit, {"level": "warn", "percent": "0"}).status_code == 200
    client.post(edit, {"level": "block", "percent": "8"})
    caps = [rule for rule in rules_of(consortium) if rule.id == "cap.unit"]
    assert [rule.parameters["percent"] for rule in caps] == [
        10,
        8,
    ]  # what the text of 2016 said stays
    never = reverse("statutes:rule_set", args=[consortium, "student.age-16"])
    assert client.get(never).status_code == 404
