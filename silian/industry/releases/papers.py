"""A release as data, as charts and as a text that becomes a document."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from silian.industry.demand.models import Position
from silian.industry.releases.counting import LEAST_FIRMS, MOST_OF_ONE
from silian.industry.releases.models import Line, Release
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.documents.services import grid
from silian.kernel.ui import formats
from silian.kernel.ui.charts import Chart

MOST = 12  # occupations that a chart shows
OF_A_LINE = """places positions firms pay_lower pay_median pay_upper pay_hidden education kinds
regions mastery judged lingering reposted remark""".split()


def data_of(release: Release) -> dict[str, Any]:
    """Everything that is published, for programs and for the digest."""
    lines = release.lines.select_related("occupation").order_by("occupation__code")
    return {
        "consortium": release.consortium.slug,
        "year": release.year,
        "version": release.version,
        "counted_from": release.starts_on.isoformat(),
        "counted_to": release.ends_on.isoformat(),
        "source": release.source,
        "reason": release.reason,
        "foreword_zh": release.foreword_zh,
        "foreword_en": release.foreword_en,
        "employers": release.firms,
        "positions": release.positions,
        "lines": [
            {
                "occupation": line.occupation.code,
                "occupation_zh": line.occupation.name_zh,
                **{name: getattr(line, name) for name in OF_A_LINE},
            }
            for line in lines
        ],
    }


def digest_of(release: Release) -> str:
    text = json.dumps(data_of(release), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def charts_of(lines: Sequence[Line], years: Sequence[tuple[int, int]]) -> list[Chart]:
    """By occupation, beside the year before; by education; over the years."""
    people, most = _("people"), sorted(lines, key=lambda line: -line.places)[:MOST]
    named = [line.occupation.name for line in most]
    before = [getattr(line, "before", None) for line in most]
    series: dict[str, list[int | float | None]] = {_("This year"): [line.places for line in most]}
    if any(before):
        series[_("The year before")] = before
    found = [Chart(_("Demand by occupation"), named, series, kind="across", unit=people)]
    if education := sums(lines, "education"):
        labels = [str(Position.Education(int(level)).label) for level in sorted(education)]
        figures = [education[level] for level in sorted(education)]
        found.append(Chart(_("Demand by education"), labels, {people: figures}, kind="pie"))
    if len(years) > 1:
        names, totals = [str(year) for year, _n in years], [total for _y, total in years]
        found.append(Chart(_("Demand by year"), names, {_("Demand"): totals}, unit=people))
    return found


def sums(lines: Iterable[Line], name: str) -> dict[str, int]:
    """The head counts of all lines by education, kind or region."""
    total: Counter[str] = Counter()
    for line in lines:
        total.update(getattr(line, name))
    return dict(total)


def region_rows(lines: Iterable[Line]) -> list[tuple[str, int]]:
    by_code = sums(lines, "regions")
    known = Code.objects.current(CodeList.Kind.REGION).filter(code__in=by_code)
    names = {code.code: code.full_name for code in known}
    rows = [(names.get(code, code), count) for code, count in by_code.items()]
    return sorted(rows, key=lambda row: -row[1])


def kind_rows(lines: Iterable[Line]) -> list[tuple[str, int]]:
    labels = dict(Position.Kind.choices)
    rows = [(str(labels.get(kind, kind)), n) for kind, n in sums(lines, "kinds").items()]
    return sorted(rows, key=lambda row: -row[1])


def pay_note() -> str:
    return _(
        "Monthly wages in yuan, quartiles by head count, rounded to 100. They are not shown where "
        "fewer than %(firms)s employers state pay or one of them offers more than %(share)s%% of "
        "the places."
    ) % {"firms": LEAST_FIRMS, "share": round(100 * MOST_OF_ONE)}


def pay_of(line: Line) -> str:
    if line.pay_hidden:
        return _("not shown")
    if line.pay_median is None:
        return "—"
    parts = (line.pay_lower, line.pay_median, line.pay_upper)
    return " / ".join(formats.number(part) for part in parts if part is not None)


def method_of(release: Release) -> str:
    """How the figures came about, in one paragraph."""
    if release.source:
        return _("The figures were taken over from: %(source)s.") % {"source": release.source}
    return _(
        "Counted are the positions of members that were reviewed and public by %(end)s and that "
        "their employers confirmed on or after %(start)s, each with its head count; further "
        "training of an employer's own staff is left out."
    ) % {"start": formats.day(release.starts_on), "end": formats.day(release.ends_on)}


def title_of(release: Release) -> str:
    names = {"body": release.consortium.short_name, "year": release.year}
    return _("Demand for people %(year)s · %(body)s") % names


def markdown_of(release: Release, lines: Sequence[Line]) -> str:
    """The release as a document."""
    heads = [_("occupation"), _("head count"), _("employers"), _("The year before"), _("pay")]
    rows = [
        [line.occupation.name, line.places, line.firms, getattr(line, "before", None), pay_of(line)]
        for line in lines
    ]
    count = [_("head count")]
    parts = [release.foreword, f"## {_('Demand by occupation')}", grid(heads, rows), pay_note()]
    for title, breakdown in breakdowns(lines):
        parts += [f"## {title}", grid([title, *count], breakdown)]
    if changed := [line for line in lines if line.remark]:
        parts += [f"## {_('Changed by hand')}"]
        parts += [f"- {line.occupation.name}: {line.remark}" for line in changed]
    return "\n\n".join([*parts, f"## {_('Method')}", method_of(release)])


def breakdowns(lines: Sequence[Line]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Head counts by education, kind and region; only what is known."""
    levels = sums(lines, "education")
    education = [(str(Position.Education(int(k)).label), levels[k]) for k in sorted(levels)]
    found = [
        (_("education"), education),
        (_("Kind"), kind_rows(lines)),
        (_("Region"), region_rows(lines)),
    ]
    return [(title, rows) for title, rows in found if rows]


def facts_of(release: Release) -> list[tuple[str, str]]:
    """The lines below the title of the document."""
    found = [(_("Consortium"), release.consortium.name), (_("version"), str(release.version))]
    if release.published_at:
        found.append((_("published"), formats.day(release.published_at.date())))
    if release.digest:
        found.append((_("digest"), release.digest[:16]))
    return found
