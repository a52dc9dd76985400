"""The working of a result in the reader's words, and from a charter's rule to the engine and back.

"42 of 62 units present, quorum 42 (2/3 of 62): met; 31 in favour of 40 valid votes, needed 27."
"""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from silian.engines.tallying import Base, Decision, Majority, Quorum, Votes
from silian.governance.charters.models import MatterRule


def as_rule(rule: MatterRule) -> tuple[Fraction, Majority]:
    """The share that makes a quorum, and the majority, as ``tallying.decide`` takes them."""
    return rule.quorum, Majority(rule.majority, rule.strict, Base(rule.base))


def rule_in_words(rule: MatterRule) -> str:
    """What the rule asks: who must be present, and how many of whom must be in favour."""
    return _joined(quorum_rule_in_words(rule), majority_rule_in_words(rule))


def quorum_rule_in_words(rule: MatterRule) -> str:
    if rule.quorum == 1:
        return _("all those entitled must be present")
    return _("%(share)s of those entitled must be present") % {"share": rule.quorum}


def majority_rule_in_words(rule: MatterRule) -> str:
    share, asks = _share(rule.majority, rule.strict), Base(rule.base)
    if asks == Base.ELIGIBLE:
        return _("%(share)s of those entitled in favour") % {"share": share}
    if asks == Base.VALID:
        return _("%(share)s of the valid votes in favour") % {"share": share}
    return _("%(share)s of those present in favour") % {"share": share}


def quorum_in_words(quorum: Quorum, *, weighed: bool = False) -> str:
    """``weighed`` where a unit may have several votes, so that votes were counted, not units."""
    met = _("met") if quorum.met else _("not met")
    facts = vars(quorum) | {"share": _share(quorum.share), "met": met}
    if weighed:
        words = _(
            "%(present)s of %(eligible)s votes present, quorum %(needed)s"
            " (%(share)s of %(eligible)s): %(met)s"
        )
    else:
        words = _(
            "%(present)s of %(eligible)s units present, quorum %(needed)s"
            " (%(share)s of %(eligible)s): %(met)s"
        )
    return words % facts


def votes_in_words(votes: Votes) -> str:
    """How many said what."""
    return _(
        "%(favour)s for, %(against)s against, %(abstain)s abstained, %(invalid)s invalid"
    ) % vars(votes)


def decision_in_words(decision: Decision, *, weighed: bool = False) -> str:
    """Quorum and majority in one sentence: anybody can calculate it again."""
    return _joined(quorum_in_words(decision.quorum, weighed=weighed), _favour(decision))


def _favour(decision: Decision) -> str:
    majority = decision.majority
    facts = {
        "favour": decision.votes.favour,
        "of": decision.of,
        "needed": decision.needed,
        "share": _share(majority.share, majority.strict),
        "carried": _("carried") if decision.carried else _("not carried"),
    }
    return {
        Base.PRESENT: _(
            "%(favour)s in favour of %(of)s present, needed %(needed)s"
            " (%(share)s of %(of)s): %(carried)s"
        ),
        Base.ELIGIBLE: _(
            "%(favour)s in favour of %(of)s entitled, needed %(needed)s"
            " (%(share)s of %(of)s): %(carried)s"
        ),
        Base.VALID: _(
            "%(favour)s in favour of %(of)s valid, needed %(needed)s"
            " (%(share)s of %(of)s): %(carried)s"
        ),
    }[majority.base] % facts


def _joined(one: str, other: str) -> str:
    return _("%(one)s; %(other)s") % {"one": one, "other": other}


def _share(share: Fraction, strict: bool | None = None) -> str:
    """ "2/3", or "more than" or "at least" it; all is never more than itself."""
    if share == 1:
        return _("all")
    if strict is None:
        return str(share)
    words = _("more than %(share)s") if strict else _("at least %(share)s")
    return words % {"share": share}


def stored(decision: Decision) -> dict[str, Any]:
    """As JSON keeps it; ``restored`` gives an equal decision back."""
    quorum, majority = decision.quorum, decision.majority
    return {
        "votes": vars(decision.votes),
        "quorum": vars(quorum) | {"share": str(quorum.share)},
        "majority": vars(majority) | {"share": str(majority.share), "base": str(majority.base)},
        "of": decision.of,
        "needed": decision.needed,
    }


def restored(kept: dict[str, Any]) -> Decision:
    quorum, majority = kept["quorum"], kept["majority"]
    return Decision(
        votes=Votes(**kept["votes"]),
        quorum=Quorum(**quorum | {"share": Fraction(quorum["share"])}),
        majority=Majority(
            Fraction(majority["share"]), bool(majority["strict"]), Base(majority["base"])
        ),
        of=kept["of"],
        needed=kept["needed"],
    )
