"""Advice in words, as data and as a text that becomes a document."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from silian.education.advice.models import Advice, Report
from silian.kernel.documents.services import grid
from silian.kernel.ui import formats
from silian.kernel.ui.charts import Chart


def evidence_of(advice: Advice) -> list[tuple[str, str]]:
    """The lines of evidence, as they were when the advice was drafted."""
    facts, year = advice.evidence, advice.report.figures_year
    names = {"year": year, "next": year + 1}
    lines = [
        (_("Demand of %(year)s") % names, _people(facts.get("demand"))),
        (_("Graduates of %(year)s, all programmes") % names, _people(facts.get("graduates"))),
        (_("Graduates for each person needed"), _ratio(facts.get("coverage"))),
        (_("Demand foretold for %(next)s") % names, _people(facts.get("demand_next"))),
        (_("Graduates foretold for %(next)s") % names, _people(facts.get("graduates_next"))),
        (_("Graduates for each person needed, %(next)s") % names, _ratio(facts.get("later"))),
        (_("Shortage"), "★" * facts["stars"] if facts.get("stars") else ""),
        (_("Share of positions that are hard to fill"), _percent(facts.get("hard_to_fill"))),
        (_("Employers that need them"), _number(facts.get("firms"))),
        (_("Releases in a row without demand"), _number(facts.get("years_without_demand"))),
        (_("Graduates of the programme itself"), _people(facts.get("own_graduates"))),
        (_("Its last intake"), _people(facts.get("own_intake"))),
    ]
    return [(label, value) for label, value in lines if value]


def reason_of(advice: Advice) -> str:
    """Why, in one sentence."""
    facts = advice.evidence
    if advice.verb == Advice.Verb.OPEN:
        return _(
            "%(demand)s people are needed, and no member school trains for this occupation."
        ) % {"demand": _count(facts["demand"])}
    sentence = _("%(graduates)s graduates for %(demand)s people needed in its occupations") % {
        "graduates": _count(facts.get("graduates")),
        "demand": _count(facts.get("demand")),
    }
    if facts.get("later") is None:
        return sentence + _("; nothing can be foretold for the year after.")
    return sentence + _("; the year after, %(graduates)s for %(demand)s are foretold.") % {
        "graduates": _count(facts.get("graduates_next")),
        "demand": _count(facts.get("demand_next")),
    }


def rules_rows(report: Report) -> list[tuple[str, str]]:
    """The thresholds, in words."""
    rules = report.rules
    grow, shrink, stop, opening = (rules[name] for name in ("grow", "shrink", "stop", "open"))
    return [
        (
            str(Advice.Verb.OPEN.label),
            _("no member programme, at least %(least)s people needed, at least moderately short")
            % {"least": opening["least_demand"]},
        ),
        (
            str(Advice.Verb.GROW.label),
            _("fewer than %(now)s graduates for each person needed, %(later)s the year after")
            % {"now": grow["coverage_below"], "later": grow["later_below"]},
        ),
        (
            str(Advice.Verb.SHRINK.label),
            _("more than %(now)s graduates for each person needed, %(later)s the year after")
            % {"now": shrink["coverage_above"], "later": shrink["later_above"]},
        ),
        (
            str(Advice.Verb.STOP.label),
            _("more than %(now)s for each, or nobody needed in %(years)s releases in a row")
            % {"now": stop["coverage_above"], "years": stop["years_without_demand"]},
        ),
    ]


def chart_of(lines: Sequence[Advice]) -> Chart | None:
    counts = Counter(line.verb for line in lines)
    if not counts:
        return None
    labels = [str(verb.label) for verb in Advice.Verb]
    figures = [counts[verb] for verb in Advice.Verb]
    return Chart(_("Advice by kind"), labels, {_("Advice"): figures})


def data_of(report: Report) -> dict[str, Any]:
    lines = report.lines.select_related("programme__school", "occupation")
    return {
        "consortium": report.consortium.slug,
        "year": report.year,
        "figures_of": report.figures_year,
        "rules": report.rules,
        "foreword_zh": report.foreword_zh,
        "foreword_en": report.foreword_en,
        "advice": [_line_data(line) for line in lines.prefetch_related("answers__school")],
    }


def _line_data(line: Advice) -> dict[str, Any]:
    programme = line.programme
    return {
        "advice": line.verb,
        "programme": programme.name_zh if programme else None,
        "level": programme.level if programme else None,
        "school": programme.school.name_zh if programme else None,
        "occupation": line.occupation.code,
        "occupation_zh": line.occupation.name_zh,
        "evidence": line.evidence,
        "answers": [
            {
                "school": one.school.name_zh,
                "adopted": one.adopted,
                "reason": one.reason,
                "planned_intake": one.planned_intake,
            }
            for one in line.answers.all()
        ],
    }


def digest_of(report: Report) -> str:
    told = data_of(report)
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def title_of(report: Report) -> str:
    names = {"body": report.consortium.short_name, "year": report.year}
    return _("Advice on programmes %(year)s · %(body)s") % names


def answers_of(line: Advice) -> str:
    """All answers in one cell."""
    return "; ".join(
        f"{one.school.name}: {_('adopted') if one.adopted else _('not adopted')}"
        + (f" ({one.planned_intake})" if one.planned_intake is not None else "")
        for one in line.answers.all()
    )


def markdown_of(report: Report, lines: Sequence[Advice]) -> str:
    heads = [_("programme"), _("school"), _("occupation"), _("why"), _("Answers")]
    parts = [report.foreword]
    for verb in Advice.Verb:
        chosen = [line for line in lines if line.verb == verb]
        if chosen:
            rows = [_document_row(line) for line in chosen]
            parts += [f"## {verb.label}", grid(heads, rows)]
    head = _("Rules, version %(version)s") % {"version": report.rules["version"]}
    rules = grid([_("advice"), _("when")], rules_rows(report))
    return "\n\n".join([*parts, f"## {head}", rules])


def _document_row(line: Advice) -> list[str | None]:
    programme = line.programme
    return [
        programme.name if programme else None,
        programme.school.name if programme else None,
        line.occupation.name,
        reason_of(line),
        answers_of(line),
    ]


def facts_of(report: Report) -> list[tuple[str, str]]:
    found = [
        (_("Consortium"), report.consortium.name),
        (_("figures of"), str(report.figures_year)),
    ]
    if report.published_at:
        found.append((_("published"), formats.day(report.published_at.date())))
    if report.digest:
        found.append((_("digest"), report.digest[:16]))
    return found


def _people(count: int | None) -> str:
    return "" if count is None else _("%(count)s people") % {"count": formats.number(count)}


def _count(count: int | None) -> str:
    return formats.number(count or 0)


def _number(count: int | None) -> str:
    return "" if not count else formats.number(count)


def _ratio(value: float | None) -> str:
    return "" if value is None else formats.number(round(value, 2))


def _percent(value: float | None) -> str:
    return "" if value is None else f"{formats.number(round(100 * value))}%"
