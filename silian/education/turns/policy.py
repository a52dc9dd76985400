"""What may be done about turns. Rows are found by the policy of practical exams."""

from collections.abc import Callable, Collection, Iterable

from django.utils.translation import gettext as _

from silian.education.practicals.models import Practical, Turn
from silian.education.practicals.policy import may_prepare, may_replan
from silian.governance.roles.policy import Viewer
from silian.kernel.verdicts import Verdict

Keeper = Callable[[Collection[int]], Iterable[int]]
_keepers: list[Keeper] = []


def keeper(find: Keeper) -> Keeper:
    """Ask ``find`` which of some turns stay where they are: those whose judging has begun."""
    _keepers.append(find)
    return find


def kept(turns: Collection[int]) -> set[int]:
    return {turn for find in _keepers for turn in find(turns)}


def may_draw(user: Viewer, practical: Practical) -> Verdict:
    own = may_prepare(user, practical)
    if not own:
        return own
    if not practical.stations.exists():
        return Verdict(_("There is no station yet."))
    if not practical.entrants.exists():
        return Verdict(_("No candidate is entered yet."))
    return own


def may_move_turn(user: Viewer, turn: Turn) -> Verdict:
    own = may_replan(user, turn.station.practical)
    if own and kept([turn.pk]):
        return Verdict(_("Judging of this turn has begun."))
    return own
