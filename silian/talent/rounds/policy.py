"""Who may see placement rounds, and who may prepare, open and end them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.industry.demand.models import Position
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.calendars.events import Event
from silian.kernel.verdicts import YES, Verdict
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat

State = Round.State


def visible_rounds(user: Viewer) -> QuerySet[Round]:
    """A round is public once it was opened; before, and when cancelled, its secretariat's own."""
    public = Q(state__in=Round.ANNOUNCED)
    own = Q(consortium__in=secretariats_of(user))
    return Round.objects.filter(public | own).select_related("consortium")


def with_places(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """With ``open_seats`` and ``places``: how many positions take part, with how many places."""
    return rounds.annotate(open_seats=Count("seats"), places=Coalesce(Sum("seats__quota"), 0))


def visible_seats(user: Viewer) -> QuerySet[Seat]:
    """The seats of the rounds that ``user`` may see."""
    rows = Seat.objects.filter(round__in=visible_rounds(user).values("pk"))
    return rows.select_related(
        "round__consortium", "position__organisation", "position__occupation", "position__region"
    )


def with_wishes(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """With ``wished``: how often each is wished for, counted for the rows that are shown."""
    stated = Seat.objects.filter(pk=OuterRef("pk")).annotate(n=Count("wishes")).values("n")
    return seats.annotate(wished=Subquery(stated))


def may_wish_somewhere(user: Viewer) -> bool:
    """Is there an enrolment in whose name ``user`` could state wishes?"""
    return isinstance(user, User) and Student.objects.filter(user=user).exists()


def took_part(user: Viewer, found: Round) -> bool:
    """Did ``user`` state wishes in the round, so that it has a result for them?"""
    return isinstance(user, User) and found.wish_lists.filter(student__user=user).exists()


def may_see_applicants(user: Viewer, found: Round) -> bool:
    """Employers see who applied to them, the secretariat all."""
    return bool(organisations_of(user)) or is_secretary(user, found.consortium)


def visible_candidates(user: Viewer, found: Round) -> QuerySet[Position]:
    """The published positions from which the seats of a round can be chosen, and those that are.

    With their ``quota`` and ``minimum`` there, None where a position takes no part.
    """
    mine = Seat.objects.filter(round=found, position=OuterRef("pk"))
    rows = Position.objects.filter(consortium=found.consortium, kind=found.kind).annotate(
        quota=Subquery(mine.values("quota")), minimum=Subquery(mine.values("minimum"))
    )
    rows = rows.filter(Q(state=Position.State.PUBLISHED) | Q(quota__isnull=False))
    return rows.for_lists() if may_prepare(user, found.consortium) else rows.none()


def rounds_of(user: User) -> QuerySet[Round]:
    """Those that are on in the consortia to which one's organisations and students belong."""
    mine = Role.objects.running().filter(user=user)
    members = Membership.objects.current().filter(organisation__in=mine.values("organisation"))
    near = Q(consortium__in=members.values("consortium")) | Q(
        consortium__in=mine.values("consortium")
    )
    return visible_rounds(user).filter(near, state__in=Round.ANNOUNCED)


def timetable(found: Round) -> list[tuple[str, datetime]]:
    """The moments of a round, with what each means."""
    steps = [
        (_("Students state wishes from"), found.wishes_from),
        (_("Wishes close"), found.wishes_until),
        (_("Rankings are due"), found.ranking_until),
        (_("Confirmation by both sides ends"), found.confirm_until),
    ]
    if found.replace_until:
        steps.append((_("Places given back are offered on until"), found.replace_until))
    by_points = found.rule == Round.Rule.POINTS
    return [step for number, step in enumerate(steps) if not (by_points and number == 2)]


def events_of(found: Round) -> Iterator[Event]:
    """The same for calendars."""
    for number, (label, moment) in enumerate(timetable(found)):
        key, title = f"round-{found.pk}-{number}", f"{found.title}: {label}"
        yield Event(key, title, moment, url=found.get_absolute_url())


def may_prepare(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` make rounds of ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, found: Round) -> Verdict:
    verdict = may_prepare(user, found.consortium)
    if verdict and found.state != State.PREPARED:
        return Verdict(_("The rules and seats of a round stand once it is open."))
    return verdict


def may_open(user: Viewer, found: Round) -> Verdict:
    verdict = may_edit(user, found)
    if verdict and not found.seats.exists():
        return Verdict(_("Choose the positions of the round first."))
    if verdict and clock.now() >= found.wishes_until:
        return Verdict(_("The time for wishes is over: change the timetable first."))
    return verdict


def may_reschedule(user: Viewer, found: Round) -> Verdict:
    """Deadlines that lie ahead may be put off, with a reason; never brought forward."""
    verdict = may_prepare(user, found.consortium)
    if verdict and found.state not in (State.WISHING, State.RANKING, State.PUBLISHED):
        return Verdict(_("The timetable cannot be changed now."))
    return verdict


def may_cancel(user: Viewer, found: Round) -> Verdict:
    verdict = may_prepare(user, found.consortium)
    if verdict and State.CANCELLED not in Round.MOVES.get(State(found.state), set()):
        return Verdict(_("The round can no longer be cancelled."))
    return verdict
