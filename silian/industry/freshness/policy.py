"""What an employer is asked about, and who sets how often."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of
from silian.industry.demand import policy as demand
from silian.industry.demand.models import Position
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict


def visible_own(user: Viewer, consortium: Consortium) -> QuerySet[Position]:
    return demand.visible_positions(user).filter(
        consortium=consortium, organisation__in=organisations_of(user)
    )


def visible_to_confirm(user: Viewer, consortium: Consortium) -> QuerySet[Position]:
    """What ``user``'s employers have published and not confirmed today, the oldest first."""
    rows = visible_own(user, consortium).filter(state=Position.State.PUBLISHED)
    waiting = rows.filter(confirmed_on__lt=clock.today())
    return waiting.order_by(F("asked_on").asc(nulls_last=True), "confirmed_on", "pk")


def visible_to_reopen(user: Viewer, consortium: Consortium) -> QuerySet[Position]:
    """What was closed unanswered and could still be filled."""
    today = clock.today()
    late = Q(open_until__lt=today) | Q(open_until=None, ends_on__lt=today)
    closed = visible_own(user, consortium).filter(lapsed_on__isnull=False)
    return closed.exclude(late).order_by("-lapsed_on", "pk")


def may_answer(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` say of positions here that they are still needed?"""
    return demand.may_state(user, consortium)


def may_set(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))
