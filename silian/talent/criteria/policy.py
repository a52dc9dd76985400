"""Who may read and set the rules of a round, and which of them a student does not meet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.policy import Viewer
from silian.kernel.verdicts import Verdict
from silian.talent.criteria.groups import holding
from silian.talent.criteria.models import Criterion, Requirement, Reserve, Score
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round
from silian.talent.rounds.policy import may_edit, may_prepare, visible_rounds

OPEN_FOR_SCORES = (Round.State.PREPARED, Round.State.WISHING)
WHOM = ("school", "programme", "region", "criterion")


@dataclass(frozen=True)
class Unmet:
    """What keeps a student out, in words: of the whole round, and of single seats."""

    everywhere: list[str] = field(default_factory=list)
    seats: dict[int, list[str]] = field(default_factory=dict)


def visible_criteria(user: Viewer, found: Round | int) -> QuerySet[Criterion]:
    """Rules are public with their round."""
    rows = Criterion.objects.filter(round__in=visible_rounds(user).values("pk"), round=found)
    return rows.select_related("round__consortium")


def visible_requirements(user: Viewer, found: Round | int) -> QuerySet[Requirement]:
    rows = Requirement.objects.filter(round__in=visible_rounds(user).values("pk"), round=found)
    return rows.select_related(*WHOM, "seat__position__organisation")


def visible_reserves(user: Viewer, found: Round | int) -> QuerySet[Reserve]:
    rows = Reserve.objects.filter(
        seat__round__in=visible_rounds(user).values("pk"), seat__round=found
    )
    return rows.select_related(*WHOM, "seat__round", "seat__position__organisation")


def visible_scores(student: Student, found: Round) -> list[tuple[Criterion, object]]:
    """A student's own value in each criterion that counts; None where there is none."""
    scores = dict(
        Score.objects.filter(criterion__round=found, student=student).values_list(
            "criterion", "value"
        )
    )
    return [
        (it, student.points if it.source == Criterion.Source.RECORD else scores.get(it.pk))
        for it in found.criteria.all()
    ]


def may_set_rules(user: Viewer, found: Round) -> Verdict:
    return may_edit(user, found)


def may_remove_criterion(user: Viewer, criterion: Criterion) -> Verdict:
    verdict = may_edit(user, criterion.round)
    used = (kind.objects.filter(criterion=criterion).exists() for kind in (Requirement, Reserve))
    if verdict and any(used):
        return Verdict(_("A requirement or a reserve refers to it. Remove that first."))
    return verdict


def may_bring_scores(user: Viewer, criterion: Criterion) -> Verdict:
    """Scores may come in until wishes close, when points are frozen."""
    verdict = may_prepare(user, criterion.round.consortium)
    if verdict and criterion.source != Criterion.Source.SHEET:
        return Verdict(_("This criterion comes from the school's records."))
    if verdict and criterion.round.state not in OPEN_FOR_SCORES:
        return Verdict(_("Points are frozen since wishes closed."))
    return verdict


def unmet_by(student: Student, found: Round) -> Unmet:
    """Which requirements ``student`` does not meet, with the reason that is shown."""
    rules = list(found.requirements.select_related(*WHOM))
    met = holding(rules, student, found.wishes_until.date())
    groups: dict[tuple[int | None, str], list[Requirement]] = defaultdict(list)
    for rule in rules:
        groups[rule.seat_id, rule.kind].append(rule)
    unmet = Unmet()
    for (seat, _kind), alternatives in groups.items():
        if not met.isdisjoint(alternatives):
            continue
        reason = _("Only for %(whom)s.") % {"whom": words_of(alternatives)}
        here = unmet.everywhere if seat is None else unmet.seats.setdefault(seat, [])
        here.append(reason)
    return unmet


def words_of(alternatives: Iterable[Requirement]) -> str:
    return _(" or ").join(rule.words for rule in alternatives)
