"""A charter as people read it, line by line in words; two versions compared."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from diff_match_patch import diff_match_patch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silian.governance.charters.models import Charter, MatterRule, SeatRule, Weight
from silian.governance.charters.working import rule_in_words
from silian.governance.members.models import Membership

VALUES = """term_years chair_years term_limit age_limit notice_days callers demand proxies_each
extra_candidates_percent rounds tie""".split()
KINDS = {-1: "was", 0: "same", 1: "now"}  # what diff-match-patch calls its pieces


@dataclass(frozen=True)
class Content:
    """A charter with its rows, be they kept or only drafted."""

    charter: Charter
    seats: list[SeatRule]
    matters: list[MatterRule]
    weights: list[Weight] = field(default_factory=list)

    def rules(self) -> list[tuple[MatterRule, str]]:
        """Each rule with what it asks, in words."""
        return [(rule, rule_in_words(rule)) for rule in self.matters]

    def votes(self) -> "list[Line]":
        return [weight_in_words(weight) for weight in self.weights]


@dataclass(frozen=True)
class Line:
    """One thing that a charter sets, in words; ``key`` is the same in every version."""

    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Difference:
    label: str
    was: str  # empty where it is new
    now: str  # empty where it is gone


def content_of(charter: Charter) -> Content:
    return Content(
        charter,
        list(charter.seat_rules.all()),
        list(charter.matter_rules.all()),
        list(charter.weights.all()),
    )


def values_in_words(charter: Charter) -> list[Line]:
    """The values of ``charter`` that are set, one a line."""
    lines = (Line(name, _label(name), _value(charter, name)) for name in VALUES)
    return [line for line in lines if line.text]


def _label(name: str) -> str:
    if name == "demand":
        return _("Demand for an extraordinary meeting")
    label = str(Charter._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _value(charter: Charter, name: str) -> str:
    value = getattr(charter, name)
    if name == "callers":
        labels = dict(Charter.Caller.choices)
        return str(_(", ")).join(str(labels[caller]) for caller in value)
    if name == "demand":
        return _("%(share)s of the members") % {"share": value}
    if name == "tie":
        return charter.get_tie_display()
    return "" if value is None else str(value)


def lines_of(content: Content) -> list[Line]:
    """Everything that a charter sets, apart from its text."""
    return [*values_in_words(content.charter), *rows_in_words(content)]


def rows_in_words(content: Content) -> list[Line]:
    """Seats, rules and weights, each a line, in their order."""
    return [
        *map(seat_in_words, content.seats),
        *map(matter_in_words, content.matters),
        *map(weight_in_words, content.weights),
    ]


def seat_in_words(seat: SeatRule) -> Line:
    label = f"{seat.get_post_display()} · {seat.get_category_display()}"
    count = ngettext("%(count)s seat", "%(count)s seats", seat.count) % {"count": seat.count}
    text = f"{count} · {seat.get_filling_display()}"
    return Line(f"seats.{seat.post}.{seat.category}", label, text)


def matter_in_words(rule: MatterRule) -> Line:
    ways = [_("by secret ballot")] if rule.secret else []
    ways += [_("may be decided by correspondence")] if rule.correspondence else []
    label = f"{rule.get_organ_display()} · {rule.get_matter_display()}"
    text = " · ".join([rule_in_words(rule), *ways])
    return Line(f"matters.{rule.organ}.{rule.matter}", label, text)


def weight_in_words(weight: Weight) -> Line:
    votes = ngettext("%(count)s vote", "%(count)s votes", weight.votes) % {"count": weight.votes}
    return Line(f"weights.{weight.grade}", str(Membership.Grade(weight.grade).label), votes)


def differences(old: Content, new: Content) -> list[Difference]:
    """What ``new`` sets otherwise than ``old``, sets anew or no longer sets."""
    was = {line.key: line for line in lines_of(old)}
    now = {line.key: line for line in lines_of(new)}
    keys = list(now) + [key for key in was if key not in now]
    return [
        Difference((now.get(key) or was[key]).label, _text(was.get(key)), _text(now.get(key)))
        for key in keys
        if was.get(key) != now.get(key)
    ]


def _text(line: Line | None) -> str:
    return line.text if line else ""


def compared(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Pieces of both texts in order, each ``was`` (only in the old), ``now`` or ``same``."""
    engine = diff_match_patch()
    pieces = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(pieces)
    for kind, piece in pieces:
        yield KINDS[kind], piece
