"""Who may wish for what, and who may see and rank whom."""

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from silian.governance.members.models import Membership
from silian.governance.roles.policy import Viewer, acts_for, organisations_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.consents.models import Consent
from silian.talent.consents.policy import allowing
from silian.talent.criteria.groups import level_of
from silian.talent.criteria.policy import unmet_by
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat
from silian.talent.wishes.models import Wish, WishList, WishQuerySet

State = Round.State
PLACEMENT = Consent.Purpose.PLACEMENT
STANDING = ("offered", "accepted", "confirmed")  # of placement.Placement, which stands above
SETTLED = (State.RUNNING, State.COMPUTED, State.PUBLISHED)


def visible_enrolments(user: Viewer) -> QuerySet[Student]:
    """The enrolments in whose name ``user`` may wish, newest first."""
    own = Student.objects.filter(user=user) if isinstance(user, User) else Student.objects.none()
    return own.select_related("school", "programme__parent").order_by("-graduates", "-pk")


def visible_choices(student: Student, found: Round) -> QuerySet[Seat]:
    """The seats of a round, with the reason ``why_not`` where one is not open to the student.

    Those that are open come first.
    """
    unmet = unmet_by(student, found)
    level = Student.objects.annotate(level=level_of()).values_list("level").get(pk=student.pk)[0]
    takes = Q(position__programmes=None) | Q(position__programmes__in=_with_upper(student))
    fitting = found.seats.filter(takes).values("pk")
    reasons = [
        When(~Q(pk__in=fitting), then=Value(_("It does not take your programme."))),
        When(position__education__gt=level, then=Value(_("It asks for more education."))),
        *(When(pk=seat, then=Value(" ".join(words))) for seat, words in unmet.seats.items()),
    ]
    seats = found.seats.annotate(why_not=Case(*reasons, default=Value("")))
    return seats.order_by(Length("why_not"), "pk").select_related(
        "round__consortium",
        "position__organisation",
        "position__occupation",
        "position__region",
        "position__cluster",
    )


def _with_upper(student: Student) -> list[int]:
    """The student's programme and the entries above it."""
    programme = student.programme
    upper = programme.parent.parent_id if programme.parent else None
    return [key for key in (programme.pk, programme.parent_id, upper) if key]


def visible_seats(user: Viewer, found: Round) -> QuerySet[Seat]:
    """The seats whose applicants ``user`` may see: its employer's, all for the secretariat."""
    employer = Q(position__organisation__in=organisations_of(user))
    secretary = Q(round__consortium__in=secretariats_of(user))
    return found.seats.filter(employer | secretary).select_related(
        "round__consortium", "position__organisation"
    )


def visible_applicants(user: Viewer) -> WishQuerySet:
    """Once wishes are closed an employer sees who applied to its seats, a secretariat all.

    ``named`` says whether the reader may know who it is: an employer with the student's consent.
    """
    employer = Q(seat__position__organisation__in=organisations_of(user))
    secretary = Q(list__round__consortium__in=secretariats_of(user))
    closed = Q(list__round__state__in=(State.RANKING, *SETTLED), barred="")
    named = secretary | allowing(
        PLACEMENT, person="list__student__person", recipient="seat__position__organisation"
    )
    rows = Wish.objects.filter(closed & (employer | secretary)).annotate(named=named)
    return rows.select_related("list__student__school", "list__student__programme")


def visible_wish_lists(user: Viewer) -> QuerySet[WishList]:
    """A list is its student's own."""
    own = WishList.objects.filter(student__in=visible_enrolments(user).values("pk"))
    return own.select_related("round__consortium", "student")


def visible_wishes(mine: WishList) -> QuerySet[Wish]:
    """The wishes of one's own list, dearest first."""
    return mine.wishes.select_related(
        "list__round__consortium",
        "list__student",
        "seat__round",
        "seat__position__organisation",
        "seat__position__region",
    )


def may_wish(student: Student, found: Round) -> Verdict:
    """May wishes of ``student`` be stated or changed now?"""
    return may_join(student, found) and may_change_now(found)


def may_choose(seat: Seat) -> Verdict:
    """Is a seat of ``visible_choices`` open to its student?"""
    why_not: str = getattr(seat, "why_not", "")
    return Verdict(why_not) if why_not else YES


def may_join(student: Student, found: Round) -> Verdict:
    """Is the round meant for ``student``?"""
    if student.state != Student.State.ENROLLED:
        return Verdict(_("You are no longer enrolled at %(s)s.") % {"s": student.school})
    if found.graduates and student.graduates != found.graduates:
        message = _("This round is for those who graduate in %(year)s.")
        return Verdict(message % {"year": found.graduates})
    if found.follows and Student.objects.filter(placed_before(found), pk=student.pk).exists():
        return Verdict(_("This round is for those who have no place from the round before."))
    if unmet := unmet_by(student, found).everywhere:
        return Verdict(" ".join(unmet))
    members = Membership.objects.current().filter(consortium=found.consortium_id)
    if not members.filter(organisation=student.school_id).exists():
        return Verdict(_("%(s)s is not a current member.") % {"s": student.school})
    return YES


def placed_before(found: Round) -> Q:
    """Students who hold a place from a round that this one follows."""
    earlier, before = [], found.follows
    while before:
        earlier.append(before.pk)
        before = before.follows
    return Q(placements__round__in=earlier, placements__state__in=STANDING)


def meant_for(user: Viewer) -> Q:
    """Which rounds are meant for ``user`` by one enrolment or another: ``may_join`` for many."""
    meant = Q(pk__in=[])
    for student in visible_enrolments(user).filter(state=Student.State.ENROLLED):
        joined = Membership.objects.current().filter(organisation=student.school_id)
        everyone = Q(graduates=None) | Q(graduates=student.graduates)
        meant |= everyone & Q(consortium__in=joined.values("consortium"))
    return meant


def may_change_now(found: Round) -> Verdict:
    """Is it the time for wishes?"""
    if found.state == State.WISHING and clock.now() < found.wishes_from:
        return Verdict(_("The time for wishes has not begun."))
    if found.state != State.WISHING or clock.now() >= found.wishes_until:
        return Verdict(_("The time for wishes is over."))
    return YES


def may_close_wishes(user: Viewer, found: Round) -> Verdict:
    if found.consortium_id not in secretariats_of(user):
        return Verdict(_("Only the secretariat of the consortium can do this."))
    if found.state != State.WISHING:
        return Verdict(_("The round is not open for wishes."))
    if clock.now() < found.wishes_until:
        return Verdict(_("Students were promised the time until the deadline."))
    return YES


def may_rank(user: Viewer, seat: Seat) -> Verdict:
    """May ``user`` order the applicants of ``seat``, or say who is not suitable?"""
    verdict = _in_time_to_rank(user, seat)
    if verdict and seat.ranking_done:
        return Verdict(_("The ranking is handed in."))
    return verdict


def may_take_back(user: Viewer, seat: Seat) -> Verdict:
    """May ``user`` take a ranking back that was handed in, to change it?"""
    verdict = _in_time_to_rank(user, seat)
    if verdict and not seat.ranking_done:
        return Verdict(_("The ranking is not handed in."))
    return verdict


def _in_time_to_rank(user: Viewer, seat: Seat) -> Verdict:
    found = seat.round
    if not acts_for(user, seat.position.organisation):
        return Verdict(_("Only somebody who acts for the employer can do this."))
    if not found.asks_employers:
        return Verdict(_("This round goes by points alone; employers do not rank."))
    if found.state != State.RANKING:
        return Verdict(_("Applicants are ranked after wishes close and before the run."))
    if clock.now() >= found.ranking_until:
        return Verdict(_("The time for ranking is over."))
    return YES


def wishes_of_seat(which: Q) -> Subquery:
    """How many wishes of a seat are such: counted for the rows that are shown, not for all."""
    wishes = Wish.objects.filter(which, seat=OuterRef("pk")).order_by()
    counted = wishes.values("seat").annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=IntegerField())
