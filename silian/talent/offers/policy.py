"""Who may see a placement, who answers it, and who decides by hand."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.consents.models import Consent
from silian.talent.consents.policy import allowing
from silian.talent.offers.undoing import may_undo
from silian.talent.placement.models import Placement
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat

State = Placement.State
GIVEN = (State.OFFERED, State.ACCEPTED, State.CONFIRMED)


def visible_placements(user: Viewer) -> QuerySet[Placement]:
    """Both sides and the student's school see a placement, and the round's secretariat.

    ``named`` says whether the reader may know who it is: an employer with the student's consent.
    """
    mine = Q(student__user=user) if isinstance(user, User) else Q(pk=None)
    acting = organisations_of(user)
    sides = Q(seat__position__organisation__in=acting) | Q(student__school__in=acting)
    secretariat = Q(round__consortium__in=secretariats_of(user))
    known = mine | Q(student__school__in=acting) | secretariat
    named = known | allowing(
        Consent.Purpose.PLACEMENT,
        person="student__person",
        recipient="seat__position__organisation",
    )
    rows = Placement.objects.filter(mine | sides | secretariat).annotate(named=named)
    return rows.select_related(
        "round__consortium",
        "seat__position__organisation",
        "student__school",
        "student__user",
        "student__programme",
        "wish",
    )


def visible_candidates(user: Viewer, found: Round) -> QuerySet[Student]:
    """The students to whom the secretariat may give a place: those who took part."""
    rows = Student.objects.filter(wish_lists__round=found)
    mine = found.consortium_id in secretariats_of(user)
    return rows.select_related("school") if mine else rows.none()


def visible_free_seats(user: Viewer, found: Round) -> QuerySet[Seat]:
    """The seats that the secretariat may fill by hand."""
    rows = found.seats.filter(closed_why="").select_related("position__organisation", "round")
    return rows if found.consortium_id in secretariats_of(user) else rows.none()


def may_decide(user: Viewer, found: Round) -> Verdict:
    """May places be given and ended by hand?"""
    if not is_secretary(user, found.consortium):
        return Verdict(_("Only the secretariat of the consortium can do this."))
    if found.state != Round.State.PUBLISHED:
        return Verdict(_("Decisions by hand follow a published result."))
    return YES


def may_end(user: Viewer, placement: Placement) -> Verdict:
    verdict = may_decide(user, placement.round)
    if verdict and placement.state not in Placement.STANDING:
        return Verdict(_("This place has ended already."))
    return verdict and may_undo(placement)


def may_prepare_second(user: Viewer, found: Round) -> Verdict:
    """May a further round be prepared for what this one left?"""
    verdict = may_decide(user, found)
    if verdict and found.next_rounds.exclude(state=Round.State.CANCELLED).exists():
        return Verdict(_("The next round is there already."))
    waiting = found.placements.filter(state__in=(State.OFFERED, State.ACCEPTED))
    if verdict and waiting.exists():
        return Verdict(_("Some places are not confirmed yet; wait until they are or have lapsed."))
    return verdict


def may_accept(user: Viewer, placement: Placement) -> Verdict:
    return _for_student(user, placement) and _while(placement, State.OFFERED)


def may_decline(user: Viewer, placement: Placement) -> Verdict:
    return _for_student(user, placement) and _while(placement, *GIVEN) and may_undo(placement)


def may_confirm(user: Viewer, placement: Placement) -> Verdict:
    return _for_employer(user, placement) and _while(placement, State.ACCEPTED)


def may_withdraw(user: Viewer, placement: Placement) -> Verdict:
    return _for_employer(user, placement) and _while(placement, *GIVEN) and may_undo(placement)


def _for_student(user: Viewer, placement: Placement) -> Verdict:
    if isinstance(user, User) and placement.student.user_id == user.pk:
        return YES
    return Verdict(_("Only the student can answer this offer."))


def _for_employer(user: Viewer, placement: Placement) -> Verdict:
    if acts_for(user, placement.seat.position.organisation):
        return YES
    return Verdict(_("Only somebody who acts for the employer can do this."))


def _while(placement: Placement, *states: str) -> Verdict:
    if placement.state not in states:
        return Verdict(_("This placement is not waiting for this answer."))
    if placement.state == State.CONFIRMED and not placement.round.replace_until:
        return Verdict(_("A confirmed place stands; ask the secretariat."))
    if clock.now() >= deadline_of(placement):
        return Verdict(_("The time to confirm is over."))
    return YES


def deadline_of(placement: Placement) -> datetime:
    """Until when it can be answered; a confirmed place until the round replaces no more."""
    if placement.state == State.CONFIRMED and placement.round.replace_until:
        return placement.round.replace_until
    return placement.answer_until
