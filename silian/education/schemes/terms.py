"""A rule as an appraisal keeps it: plain JSON, copied once and read by the engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from silian.education.schemes.levels import Method, PartKind, SkillLevel
from silian.education.schemes.models import Part, Scheme
from silian.engines import passing
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel.codes.models import Code

Terms = Mapping[str, Any]
THEORY = (PartKind.THEORY, Method.COMPUTER)
PRACTICAL = (PartKind.PRACTICAL, Method.ON_SITE)
REVIEW = (PartKind.REVIEW, Method.DEFENCE)
PERFORMANCE = (PartKind.PERFORMANCE, Method.WORKS)
FIVE_LEVELS = [THEORY, PRACTICAL]
USUAL: dict[str, list[tuple[PartKind, Method]]] = {
    SkillLevel.APPRENTICE: [PRACTICAL],
    SkillLevel.FIVE: FIVE_LEVELS,
    SkillLevel.FOUR: FIVE_LEVELS,
    SkillLevel.THREE: FIVE_LEVELS,
    SkillLevel.TWO: [*FIVE_LEVELS, REVIEW],
    SkillLevel.ONE: [*FIVE_LEVELS, REVIEW],
    SkillLevel.SPECIAL: [PERFORMANCE, REVIEW],
    SkillLevel.CHIEF: [PERFORMANCE, REVIEW],
}


@dataclass(frozen=True)
class PartSaid:
    """A part in words, for pages."""

    name: str
    label: str
    method: str
    pass_mark: Decimal
    judged: bool
    needed: bool


def usual(level: str) -> Scheme:
    """Where nobody has set a rule: an unsaved one with what national standards have in common."""
    return Scheme(level=level)


def usual_parts(level: str) -> list[Part]:
    return [Part(kind=kind, method=method, pass_mark=Decimal(60)) for kind, method in USUAL[level]]


def scheme_for(
    consortium: Consortium, organiser: Organisation, occupation: Code, level: str
) -> Scheme | None:
    """The rule that is nearest: the body's own before the consortium's, the occupation's before
    the one for all."""
    rows = Scheme.objects.filter(consortium=consortium, level=level).prefetch_related("parts")
    known = {(row.organisation_id, row.occupation_id): row for row in rows}
    nearest = [
        (organisation, which)
        for organisation in (organiser.pk, None)
        for which in (occupation.pk, None)
    ]
    return next((known[key] for key in nearest if key in known), None)


def terms_for(
    consortium: Consortium, organiser: Organisation, occupation: Code, level: str
) -> dict[str, Any]:
    found = scheme_for(consortium, organiser, occupation, level)
    if found:
        return frozen(found, found.parts.all())
    return frozen(usual(level), usual_parts(level))


def frozen(scheme: Scheme, parts: Iterable[Part]) -> dict[str, Any]:
    """The copy; points as texts, so that none is rounded."""
    facts = "valid_months publicity_days appeal_days source".split()
    points = "good excellent difference".split()
    return {
        **{name: getattr(scheme, name) for name in facts},
        **{name: _text(getattr(scheme, name)) for name in points},
        "parts": [
            {
                "part": part.kind,
                "method": part.method,
                "pass_mark": str(part.pass_mark),
                "judged": part.judged,
                "needed": part.needed,
            }
            for part in sorted(parts, key=lambda part: PartKind.values.index(part.kind))
        ],
    }


def rules_of(terms: Terms) -> passing.Rules:
    """What the engine asks."""
    return passing.Rules(
        [
            passing.Part(one["part"], Decimal(one["pass_mark"]), one["judged"], one["needed"])
            for one in terms["parts"]
        ],
        _points(terms["good"]),
        _points(terms["excellent"]),
    )


def parts_said(terms: Terms) -> list[PartSaid]:
    return [
        PartSaid(
            name=one["part"],
            label=str(PartKind(one["part"]).label),
            method=str(Method(one["method"]).label),
            pass_mark=Decimal(one["pass_mark"]).normalize(),
            judged=one["judged"],
            needed=one["needed"],
        )
        for one in terms["parts"]
    ]


def part_names(terms: Terms) -> list[str]:
    return [one["part"] for one in terms["parts"]]


def _text(points: Decimal | None) -> str | None:
    return None if points is None else str(points)


def _points(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
