from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from silian.education.rulebook import rules, services
from silian.education.rulebook.checks import CHECKS, Facts, Line
from silian.education.standards.models import Section, Standard
from silian.education.standards.tests.factories import make_edition, make_standard, make_unit
from silian.governance.members.tests.factories import make_consortium, make_secretary
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db


def line(theory: int = 20, practice: int = 44, credits: str = "4", **fields: object) -> Line:
    return Line(title="焊接", theory=theory, practice=practice, credits=Decimal(credits), **fields)  # type: ignore[arg-type]


def facts(*lines: Line, **fields: object) -> Facts:
    whole: dict[str, object] = {"hours": sum(one.hours for one in lines), "years": 3}
    whole |= {"credits": sum((one.credits for one in lines), Decimal(0)), "unwritten": ()}
    return Facts(lines=lines, **(whole | fields))  # type: ignore[arg-type]


# rule, what breaks it, what it says, what keeps it
CASES = [
    ("text.complete", facts(line(), unwritten=("Goals",)), "Goals", facts(line())),
    ("units.exist", facts(), "entered yet", facts(line())),
    ("sum.hours", facts(line(), hours=60), "60 hours, the units come to 64: +4", facts(line())),
    ("sum.hours", facts(line(), hours=None), "+64", facts(line())),
    ("sum.credits", facts(line(), credits=Decimal("4.5")), "-0.5", facts(line())),
    ("credits.hours-each", facts(line(credits="2")), "焊接(64 / 2)", facts(line(credits="4"))),
    (
        "credits.hours-each",
        facts(line(credits="0")),
        "焊接(64 / 0)",
        facts(line(part="practice", credits="0")),
    ),
    ("practice.half", facts(line(44, 20)), "31 %", facts(line(32, 32))),
    ("practice.quarter", facts(line(56, 8)), "12", facts(line(48, 16))),
    ("hours.secondary", facts(line(1400, 1500)), "100 are missing", facts(line(1500, 1500))),
    ("hours.college", facts(line(1200, 1200)), "100 are missing", facts(line(1250, 1250))),
    ("hours.college", facts(line(1200, 1200)), "100 are missing", facts(line(900, 900), years=2)),
    (
        "general.third",
        facts(line(part="general"), line(90, 90)),
        "26.2 %",
        facts(line(part="general"), line()),
    ),
    (
        "general.quarter",
        facts(line(part="general"), line(99, 99)),
        "24.4 %",
        facts(line(part="general")),
    ),
    ("elective.tenth", facts(line()), "0.0 %", facts(line(elective=True))),
    (
        "course.agrees",
        facts(line(course=(72, Decimal(4)))),
        "64 / 4; 72 / 4",
        facts(line(course=(64, Decimal(4)))),
    ),
    ("skills.stated", facts(line()), "焊接", facts(line(skills=1))),
]


@pytest.mark.parametrize(
    ("name", "broken", "said", "kept"),
    CASES,
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_each_rule_says_what_is_wrong_and_by_how_much(
    name: str, broken: Facts, said: str, kept: Facts
) -> None:
    rule = next(one for one in rules.shipped() if one.id == name)
    check = CHECKS[rule.check]

    words = check(broken, rule.parameters)
    assert words is not None
    text = rule.message % {**rule.parameters, **words}
    assert said in text or said.rstrip(" %") in text
    assert check(kept, rule.parameters) is None


def test_every_rule_has_its_source_in_both_languages_and_a_case() -> None:
    for rule in rules.shipped():
        assert rule.source_zh and rule.source_en and rule.message_zh and rule.message_en
        assert not rule.check or rule.check in CHECKS
    assert {rule.id for rule in rules.shipped() if rule.check} == {case[0] for case in CASES}


def test_a_sound_edition_breaks_nothing() -> None:
    assert not rules.findings(make_edition())


def test_an_edition_is_told_what_does_not_add_up() -> None:
    edition = make_edition()
    make_unit(edition, theory_hours=16, practice_hours=0, credits=1)
    Section.objects.filter(edition=edition, kind="goals").update(text=" ")

    found = {finding.rule.id: finding for finding in rules.findings(edition)}

    assert set(found) == {"text.complete", "sum.hours", "sum.credits", "skills.stated"}
    assert "+16" in found["sum.hours"].message and "+1" in found["sum.credits"].message
    assert not found["skills.stated"].blocks
    with pytest.raises(rules.DoesNotAddUp):
        rules.enforce(edition, reason="never mind")


def test_a_warning_passes_only_with_a_reason() -> None:
    edition = make_edition()
    edition.units.first().taught.all().delete()

    with pytest.raises(rules.DoesNotAddUp):
        rules.enforce(edition, reason="")
    assert [one.rule.id for one in rules.enforce(edition, reason="later")] == ["skills.stated"]


def test_a_plan_is_held_against_the_course_standards_in_force() -> None:
    course = make_edition(state="published").standard
    plan = make_edition(make_standard(course.consortium, course.programme, kind=Standard.Kind.PLAN))
    make_unit(plan, course=course, theory_hours=8, practice_hours=64, credits=4)

    found = {finding.rule.id: finding.message for finding in rules.findings(plan)}

    assert "72 / 4" in found["course.agrees"] and "64 / 4" in found["course.agrees"]


def test_a_consortium_sets_level_and_numbers(client: Client) -> None:
    edition = make_edition(make_standard(kind=Standard.Kind.PLAN))
    consortium = edition.standard.consortium
    secretary = make_secretary(consortium)
    address = reverse("rulebook:rule_edit", args=[consortium, "hours.college"])
    client.force_login(secretary)

    client.post(address, {"level": "warn", "hours": 60, "years": 3})

    assert "hours.college" not in {one.rule.id for one in rules.findings(edition)}
    rule = rules.rule_named(consortium, "hours.college")
    assert rule and (rule.level, rule.parameters["hours"]) == ("warn", 60)
    assert rules.rule_named(make_consortium(), "hours.college").parameters["hours"] == 2500  # type: ignore[union-attr]
    assert Entry.objects.about(consortium).first().action == "Rule for standards set"


def test_what_is_the_same_everywhere_cannot_be_set() -> None:
    consortium = make_consortium()
    client = Client()
    client.force_login(make_secretary(consortium))

    assert (
        client.get(reverse("rulebook:rule_edit", args=[consortium, "sum.hours"])).status_code == 403
    )
    rule = rules.rule_named(consortium, "sum.hours")
    with pytest.raises(ValueError, match="everywhere"):
        services.set_rule(consortium, rule, by=make_user(), level="warn", numbers={})  # type: ignore[arg-type]


def test_everybody_reads_the_rules_and_only_the_secretariat_sets_them(client: Client) -> None:
    consortium = make_consortium()
    index = reverse("rulebook:rule_index", args=[consortium])

    assert "教职成〔2019〕13号" in client.get(index).text
    assert "not read in the source itself" in client.get(index).text
    client.force_login(make_user())
    edit = reverse("rulebook:rule_edit", args=[consortium, "hours.college"])
    assert client.get(edit).status_code == 403
    assert client.get(reverse("rulebook:rule_edit", args=[consortium, "none"])).status_code == 404


def test_a_wrong_number_keeps_what_was_typed() -> None:
    consortium = make_consortium()
    client = Client()
    client.force_login(make_secretary(consortium))
    address = reverse("rulebook:rule_edit", args=[consortium, "credits.hours-each"])

    answer = client.post(address, {"level": "warn", "least": 20, "most": 10})

    assert "below the lower end" in answer.text and 'value="20"' in answer.text


@pytest.mark.parametrize(("eligible", "quorum"), [(1, 1), (2, 2), (3, 2), (10, 6), (11, 6)])
def test_more_than_half_of_the_eligible_must_speak(eligible: int, quorum: int) -> None:
    assert rules.quorum_of(make_consortium(), eligible) == quorum
