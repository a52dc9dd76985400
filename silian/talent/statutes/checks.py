"""What rules.toml can ask of an internship: each check is a function of plain facts.

It answers the words for the rule's message where the rule is broken, and None where it is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Facts:
    """All that the checks look at."""

    kind: str
    starts_on: date
    ends_on: date
    entered: int  # the student's year of entry
    born_on: date | None
    gender: str
    student_code: str  # of the student's programme
    post_codes: frozenset[str]  # of the programmes that the position takes, and its category
    industry: str  # of the unit
    staff: int | None
    interns: int  # of the unit at the same time, in every consortium, this one included
    post_staff: int | None
    post_interns: int
    hours_a_day: Decimal | None
    hours_a_week: Decimal | None
    unusual_hours: bool  # night shifts, overtime or work on rest days
    exempted: bool
    labour_grade: int
    hazardous: bool
    barred_minors: bool
    barred_women: bool
    agent: str
    charges: bool
    independent: bool
    pay: Decimal | None
    wage: Decimal | None
    probation_wage: Decimal | None
    pay_form: str
    pay_cycle: str
    payee: str
    mentors: frozenset[str]  # sides that have named one of their people
    has_tasks: bool
    scheme: Mapping[str, int]
    insured: tuple[date, date] | None
    id_checked: bool
    unit_checked: bool  # on site, with a good result that counts on the first day
    signed: bool
    guardian_signed: bool


Words = dict[str, Any] | None
Check = Callable[[Facts, Mapping[str, Any]], Words]


def birthday(born: date, years: int) -> date:
    """The day on which somebody becomes ``years`` old; 1 March where there is no 29 February."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def category(code: str) -> str:
    """专业大类 of a programme code, the same for secondary, higher and undergraduate vocational.

    41 and 61 and 21 are agriculture; the disciplines of ordinary undergraduates stand alone.
    """
    two = code[:2]
    if not two.isdecimal() or int(two) < 20:
        return two
    return f"V{(int(two) - 1) % 20}"


def _is_minor(facts: Facts, years: int = 18) -> bool:
    return facts.born_on is None or facts.starts_on < birthday(facts.born_on, years)


def not_in_first_year(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    second = date(facts.entered + 1, parameters["month"], 1)
    return None if facts.starts_on >= second else {"day": second}


def old_enough(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {} if _is_minor(facts, parameters["years"]) else None


def fit_for_minors(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {} if facts.barred_minors and _is_minor(facts) else None


def fit_for_women(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {} if facts.barred_women and facts.gender != "male" else None


def place_allowed(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    barred = facts.industry.startswith(tuple(parameters["industries"]))
    return {"industry": facts.industry} if barred else None


def no_agent(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {"agent": facts.agent} if facts.agent.strip() else None


def light_enough(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {} if facts.labour_grade >= parameters["grade"] else None


def not_hazardous(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {} if facts.hazardous and not facts.exempted else None


def card_checked(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if facts.id_checked else {}


def few_in_unit(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return _few(facts.interns, facts.staff, parameters["percent"])


def few_in_post(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return _few(facts.post_interns, facts.post_staff, parameters["percent"])


def _few(interns: int, staff: int | None, percent: int) -> Words:
    if staff is not None and interns * 100 <= staff * percent:
        return None
    return {"interns": interns, "staff": "?" if staff is None else staff}


def day_short(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return _most(facts.hours_a_day, parameters["hours"])


def week_short(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return _most(facts.hours_a_week, parameters["hours"])


def _most(hours: Decimal | None, most: int) -> Words:
    if hours is not None and 0 < hours <= most:
        return None
    return {"found": "?" if hours is None else f"{hours.normalize():f}"}


def usual_hours(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {} if facts.unusual_hours and not facts.exempted else None


def paid_enough(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    if not facts.independent:
        return None
    wage = facts.probation_wage if parameters["base"] == "probation" else facts.wage
    floor = wage and wage * parameters["percent"] / 100
    if floor and facts.pay is not None and facts.pay >= floor:
        return None
    pay = "?" if facts.pay is None else f"{facts.pay:.2f}"
    return {"pay": pay, "floor": "?" if not floor else f"{floor:.2f}"}


def paid_in_money(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if facts.pay_form == "currency" else {}


def paid_monthly(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {} if facts.pay_cycle == "longer" else None


def paid_to_student(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if facts.payee == "student" else {}


def nothing_charged(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {} if facts.charges else None


def usual_length(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    medical = facts.student_code.startswith(tuple(parameters["medical"]))
    months = parameters["medical_months"] if medical else parameters["months"]
    days = (facts.ends_on - facts.starts_on).days + 1
    return None if days <= months * 31 else {"days": days, "most": months}


def post_fits(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    wanted = {category(code) for code in facts.post_codes}
    if category(facts.student_code) in wanted:
        return None
    return {"student": facts.student_code[:2], "post": "、".join(sorted(facts.post_codes)) or "?"}


def real_tasks(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if facts.has_tasks else {}


def covered(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    if facts.insured and facts.insured[0] <= facts.starts_on and facts.ends_on <= facts.insured[1]:
        return None
    period = "?" if facts.insured is None else f"{facts.insured[0]} – {facts.insured[1]}"
    return {"period": period, "starts": facts.starts_on, "ends": facts.ends_on}


def two_mentors(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if facts.mentors >= {"school", "unit"} else {}


def unit_was_checked(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if facts.unit_checked else {}


def more_than_attendance(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    scheme = {
        name: int(facts.scheme.get(name) or 0) for name in ("attendance", "process", "result")
    }
    whole = sum(scheme.values()) == 100 and scheme["process"] > 0 and scheme["result"] > 0
    return None if whole and scheme["attendance"] <= parameters["percent"] else dict(scheme)


def agreement_signed(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if facts.signed else {}


def guardian_consents(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    asked = not parameters["minors_only"] or _is_minor(facts)
    return {} if asked and not facts.guardian_signed else None


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        not_in_first_year,
        old_enough,
        fit_for_minors,
        fit_for_women,
        place_allowed,
        no_agent,
        light_enough,
        not_hazardous,
        card_checked,
        few_in_unit,
        few_in_post,
        day_short,
        week_short,
        usual_hours,
        paid_enough,
        paid_in_money,
        paid_monthly,
        paid_to_student,
        nothing_charged,
        usual_length,
        post_fits,
        real_tasks,
        covered,
        two_mentors,
        unit_was_checked,
        more_than_attendance,
        agreement_signed,
        guardian_consents,
    )
}
