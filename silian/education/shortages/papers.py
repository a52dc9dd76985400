"""A catalogue as data, as a chart and as a text; an entry with its working."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from silian.education.shortages.formula import Told, label_of, text_of
from silian.education.shortages.models import Catalogue, Entry
from silian.kernel.documents.services import grid
from silian.kernel.ui import formats
from silian.kernel.ui.charts import Chart

MOST = 15  # occupations that the chart shows
PERCENT = ("fill", "pay")  # dimensions that are shares


@dataclass(frozen=True)
class Step:
    """One dimension of an entry's working, in words."""

    label: str
    text: str
    figure: str
    scale: str
    score: str
    weight: str
    gives: str
    missing: bool


def steps_of(entry: Entry) -> list[Step]:
    """How the index of ``entry`` came about, dimension by dimension."""
    told = {one["key"]: one for one in entry.catalogue.formula["dimensions"]}
    return [_step(part, told[part["key"]]) for part in entry.parts]


def _step(part: dict[str, Any], one: Told) -> Step:
    key, score = part["key"], part["score"]
    missing = score is None
    return Step(
        label=label_of(one),
        text=text_of(one),
        figure="—" if missing else figure(key, part["value"]),
        scale=f"{figure(key, one['low'])} – {figure(key, one['high'])}",
        score="—" if missing else f"{score:.2f}",
        weight="—" if missing else _percent(part["weight"]),
        gives="—" if missing else f"{score * part['weight']:.3f}",
        missing=missing,
    )


def figure(key: str, value: float) -> str:
    return _percent(value) if key in PERCENT else formats.number(round(value, 2))


def _percent(value: float) -> str:
    return f"{formats.number(round(100 * value, 1))}%"


def why_none(entry: Entry) -> str:
    """Why there is no index, or which figures were left out; empty where all are known."""
    told = {one["key"]: one for one in entry.catalogue.formula["dimensions"]}
    missing = [told[part["key"]] for part in entry.parts if part["score"] is None]
    names = "、".join(label_of(one) for one in missing)
    if not missing:
        return ""
    if entry.index is None:
        return _("There is no index, because this is not known: %(names)s.") % {"names": names}
    return _("Not known and left out: %(names)s. The other weights were scaled up to 100 %%.") % {
        "names": names
    }


def facts_of_entry(entry: Entry) -> list[tuple[str, str]]:
    """The figures behind the dimensions, as they were then."""
    facts, year = entry.facts, entry.catalogue.supply_year
    found = [(_("Released demand"), _people(entry.demand))]
    if facts.get("firms"):
        found.append((_("Employers"), formats.number(facts["firms"])))
    if entry.graduates is not None:
        found.append((_("Graduates of %(year)s") % {"year": year}, _people(entry.graduates)))
    stated = f"{facts['stated']} / {facts['programmes']}"
    found.append((_("Programmes with figures"), stated))
    judged = [formats.number(facts[name]) for name in ("lingering", "reposted", "judged")]
    found.append((_("Open after 60 days / stated again / of positions"), " / ".join(judged)))
    for name, label in (("pay", _("Median monthly pay")), ("pay_before", _("The year before"))):
        if facts.get(name):
            found.append((label, formats.money(facts[name])))
    if facts.get("pay_hidden"):
        found.append((_("Median monthly pay"), _("not shown, it would betray one firm")))
    return found


def _people(count: int) -> str:
    return _("%(count)s people") % {"count": formats.number(count)}


def formula_rows(told: Told) -> list[dict[str, str]]:
    return [
        {
            "label": label_of(one),
            "text": text_of(one),
            "weight": _percent(one["weight"]),
            "scale": f"{figure(one['key'], one['low'])} – {figure(one['key'], one['high'])}",
        }
        for one in told["dimensions"]
    ]


def steps_note(told: Told) -> str:
    """From where on stars and levels count."""
    stars = " / ".join(f"{one:.2f}" for one in told["stars"])
    mild, moderate, severe = (f"{one:.2f}" for one in told["levels"])
    return _(
        "Index = sum of weight × score, from 0 to 1. Two to five stars from %(stars)s; mild "
        "shortage from %(mild)s, moderate from %(moderate)s, severe from %(severe)s. A figure "
        "that is not known is left out and the other weights are scaled up; there is no index "
        "where demand for each graduate, or more than %(unknown)s of the weights, is not known."
    ) % {
        "stars": stars,
        "mild": mild,
        "moderate": moderate,
        "severe": severe,
        "unknown": _percent(1 - told["least_known"]),
    }


def chart_of(entries: Sequence[Entry]) -> Chart | None:
    ranked = [entry for entry in entries if entry.index is not None][:MOST]
    if not ranked:
        return None
    names = [entry.occupation.name for entry in ranked]
    figures = [round(entry.index or 0, 2) for entry in ranked]
    return Chart(_("Index by occupation"), names, {_("Index"): figures}, kind="across")


def data_of(catalogue: Catalogue) -> dict[str, Any]:
    """Everything that is published, for programs and for the digest."""
    rows = catalogue.entries.select_related("occupation").prefetch_related("adjustments")
    return {
        "consortium": catalogue.consortium.slug,
        "year": catalogue.year,
        "version": catalogue.version,
        "reason": catalogue.reason,
        "release": catalogue.release.digest,
        "graduates_of": catalogue.supply_year,
        "formula": catalogue.formula,
        "foreword_zh": catalogue.foreword_zh,
        "foreword_en": catalogue.foreword_en,
        "entries": [_entry_data(entry) for entry in rows.order_by("occupation__code")],
    }


def _entry_data(entry: Entry) -> dict[str, Any]:
    kept = "demand graduates facts parts index computed_stars computed_level stars level".split()
    return {
        "occupation": entry.occupation.code,
        "occupation_zh": entry.occupation.name_zh,
        **{name: getattr(entry, name) for name in kept},
        "adjustments": [
            {"stars": one.stars, "level": one.level, "reason": one.reason}
            for one in entry.adjustments.all()
        ],
    }


def digest_of(catalogue: Catalogue) -> str:
    told = data_of(catalogue)
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def title_of(catalogue: Catalogue) -> str:
    names = {"body": catalogue.consortium.short_name, "year": catalogue.year}
    return _("Catalogue of shortages %(year)s · %(body)s") % names


def markdown_of(catalogue: Catalogue, entries: Sequence[Entry]) -> str:
    heads = [
        _("occupation"),
        _("stars"),
        _("degree of shortage"),
        _("index"),
        _("demand"),
        _("number of graduates"),
    ]
    rows = [
        [
            entry.occupation.name,
            entry.shown_stars,
            entry.get_level_display(),
            "—" if entry.index is None else f"{entry.index:.2f}",
            entry.demand,
            entry.graduates,
        ]
        for entry in entries
    ]
    told = catalogue.formula
    method = [
        [row["label"], row["weight"], row["scale"], row["text"]] for row in formula_rows(told)
    ]
    columns = [_("Dimension"), _("Weight"), _("Scored between"), _("How it is measured")]
    parts = [catalogue.foreword, f"## {_('Occupations')}", grid(heads, rows)]
    notes = [
        f"- {entry.occupation.name}: {one.reason}"
        for entry in entries
        for one in entry.adjustments.all()
    ]
    if notes:
        parts += [f"## {_('Adjusted by experts')}", "\n".join(notes)]
    head = _("Formula, version %(version)s") % {"version": told["version"]}
    return "\n\n".join([*parts, f"## {head}", grid(columns, method), steps_note(told)])


def facts_of(catalogue: Catalogue) -> list[tuple[str, str]]:
    """The lines below the title of the document."""
    found = [
        (_("Consortium"), catalogue.consortium.name),
        (_("version"), str(catalogue.version)),
        (_("formula"), catalogue.formula["version"]),
    ]
    if catalogue.published_at:
        found.append((_("published"), formats.day(catalogue.published_at.date())))
    if catalogue.digest:
        found.append((_("digest"), catalogue.digest[:16]))
    return found
