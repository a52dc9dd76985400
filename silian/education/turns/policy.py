"""What may be done about turns. Rows are found by the policy of practical exams."""

from django.utils.translation import gettext as _

from silian.education.practicals.models import Practical, Turn
from silian.education.practicals.policy import may_prepare, may_replan
from silian.governance.roles.policy import Viewer
from silian.kernel.verdicts import Verdict


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
    return may_replan(user, turn.station.practical)
