"""Setting up seats, taking and leaving office. Each act is recorded on its seat."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from silian.governance.consortia.models import Consortium
from silian.governance.council import policy, standing
from silian.governance.council.models import Seat, Term
from silian.governance.members.models import Organisation
from silian.governance.members.services import regrade
from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove

How, Left = Term.How, Term.Left


@dataclass(frozen=True)
class Raised:
    added: int
    closed: int


@transaction.atomic
def raise_seats(consortium: Consortium, *, by: User | None) -> Raised:
    """Set up the seats that the charter in force sets and close empty ones beyond it.

    Seats that somebody holds stay, be they more than the charter sets. Doing it twice changes
    nothing more.
    """
    Consortium.objects.select_for_update().get(pk=consortium.pk)
    found = standing.shortfall(consortium)
    for seat in found.surplus:
        seat.closed_on = clock.today()
        seat.save(update_fields=["closed_on"])
        record(seat, gettext_noop("Seat abolished"), by=by)
    for post, category, count in found.missing:
        _set_up(consortium, post, category, count, by)
    return Raised(found.lacking, len(found.surplus))


def _set_up(consortium: Consortium, post: str, category: str, count: int, by: User | None) -> None:
    """Seats that were abolished come back before new ones are numbered."""
    same = consortium.seats.filter(post=post)
    seats = list(same.filter(category=category, closed_on__lte=clock.today())[:count])
    highest = same.aggregate(Max("number"))["number__max"] or 0
    for number in range(highest + 1, highest + 1 + count - len(seats)):
        seats.append(Seat(consortium=consortium, post=post, category=category, number=number))
    for seat in seats:
        seat.closed_on = None
        seat.save()
        record(seat, gettext_noop("Seat set up"), by=by)


# --- taking office ------------------------------------------------------------------------


@transaction.atomic
def take_office(  # noqa: PLR0913  a term of office is these facts
    seat: Seat,
    *,
    organisation: Organisation,
    person: str,
    user: User | None = None,
    how: str,
    basis: str,
    start: date,
    by: User | None,
    until: date | None = None,
    why: str = "",
) -> Term:
    """``person`` holds ``seat`` for ``organisation`` from ``start``, as long as the charter says.

    An earlier holder's term ends on that day. ``until`` makes the term shorter, ``why`` answers a
    warning. Raises ValidationError, in words for the reader, where the seat cannot be held so.
    """
    seat = Seat.objects.select_for_update(of=["self"]).select_related("consortium").get(pk=seat.pk)
    due = until or standing.term_end(seat, start)
    _check(seat, organisation, start, due)
    _make_room(seat, organisation, start, due)
    facts = {"person": person, "how": how, "basis": basis, "start": start, "due": due}
    term = Term(seat=seat, organisation=organisation, user=user, end=due, **facts)
    term.full_clean(exclude=["seat"], validate_constraints=False)
    term.save()
    record(seat, gettext_noop("Office taken"), by=by, **facts, unit=organisation.name_zh, why=why)
    _tell(term, gettext_noop("%(person)s holds a seat of %(consortium)s: %(post)s."))
    return term


def appoint(seat: Seat, **facts: Any) -> Term:
    """Fill a vacant seat by appointment; ``facts`` are those of ``take_office``."""
    return _fill(seat, how=How.APPOINTED, **facts)


def co_opt(seat: Seat, **facts: Any) -> Term:
    """Fill a vacant seat for as long as the term of whoever left it would have lasted."""
    return _fill(seat, how=How.CO_OPTED, **{"until": rest_of_term(seat, facts["start"]), **facts})


@transaction.atomic
def _fill(seat: Seat, *, start: date, **facts: Any) -> Term:
    """As take_office, but never in the place of somebody else: the seat has to be vacant."""
    Seat.objects.select_for_update().get(pk=seat.pk)
    holder = Term.objects.running(start).filter(seat=seat).first()
    if holder:
        _refuse_overlap(holder)
    return take_office(seat, start=start, **facts)


def rest_of_term(seat: Seat, start: date) -> date | None:
    """Until when whoever left ``seat`` was to hold it; None where that would be over by then."""
    last = seat.terms.filter(start__lt=start, due__gt=start).first()
    return last.due if last else None


def _check(seat: Seat, organisation: Organisation, start: date, due: date) -> None:
    if seat.closed_on and seat.closed_on <= start:
        raise ValidationError(_("This seat is abolished."))
    members = policy.voting_members(seat.consortium, start)
    if not members.filter(organisation=organisation).exists():
        unit = {"unit": organisation.name, "day": start}
        raise ValidationError(_("%(unit)s is no current member with a vote on %(day)s.") % unit)
    if not policy.fits(seat, organisation):
        words = {"unit": organisation.name, "category": seat.get_category_display()}
        raise ValidationError(_("This seat is kept for %(category)s; %(unit)s is none.") % words)
    if due <= start:
        raise ValidationError(_("A term ends after it starts."))


def _make_room(seat: Seat, organisation: Organisation, start: date, due: date) -> None:
    """End the earlier term that still runs on ``start``; refuse where a later one is in the way."""
    runs_on = Q(end=None) | Q(end__gt=start)
    earlier = seat.terms.filter(runs_on, start__lt=start).select_related("organisation").first()
    if earlier:
        same_unit = earlier.organisation_id == organisation.pk
        early = earlier.due is not None and start < earlier.due
        earlier.left = Left.REPLACED if same_unit and early else Left.EXPIRED
        earlier.end = start
        earlier.save(update_fields=["end", "left"])
    lasting = Q(end=None) | Q(end__gt=F("start"))
    later = seat.terms.filter(lasting, start__gte=start, start__lt=due).first()
    if later:
        _refuse_overlap(later)


def _refuse_overlap(term: Term) -> None:
    words = {"person": term.person, "start": term.start, "end": term.end or "…"}
    raise ValidationError(
        _("%(person)s holds this seat from %(start)s to %(end)s; two cannot hold it at once.")
        % words
    )


# --- leaving office -----------------------------------------------------------------------


@transaction.atomic
def resign(term: Term, *, on: date, why: str, by: User | None) -> None:
    """The holder gives the seat up."""
    _leave(term, Left.RESIGNED, on, why)
    record(term.seat, gettext_noop("Resigned"), by=by, person=term.person, on=on, why=why)
    _tell(term, gettext_noop("%(person)s has resigned as %(post)s of %(consortium)s."))


@transaction.atomic
def dismiss(term: Term, *, on: date, why: str, by: User | None) -> None:
    """The holder is dismissed; ``why`` also names the decision."""
    _leave(term, Left.DISMISSED, on, why)
    record(term.seat, gettext_noop("Dismissed"), by=by, person=term.person, on=on, why=why)
    _tell(term, gettext_noop("%(person)s was dismissed as %(post)s of %(consortium)s."))


@transaction.atomic
def replace(  # noqa: PLR0913  who, from when and why
    term: Term, *, person: str, user: User | None = None, on: date, why: str, by: User | None
) -> Term:
    """The unit sends somebody else, who serves the rest of the term."""
    _leave(term, Left.REPLACED, on, why)
    facts = {"person": person, "how": How.APPOINTED, "basis": why[:200], "start": on}
    following = Term(seat=term.seat, organisation=term.organisation, user=user, **facts)
    following.due = following.end = term.due
    following.save()
    words = {"was": term.person, "to": person}
    record(term.seat, gettext_noop("Replaced by the unit"), by=by, on=on, why=why, **words)
    _tell(following, gettext_noop("%(person)s holds a seat of %(consortium)s: %(post)s."))
    return following


@transaction.atomic
def unit_left(consortium: Consortium, organisation: Organisation, *, on: date) -> None:
    """What a unit held in a consortium that it has left is vacant from ``on``."""
    terms = Term.objects.filter(seat__consortium=consortium, organisation=organisation)
    for term in terms.filter(Q(end=None) | Q(end__gt=on)).select_related("seat"):
        term.end, term.left = max(on, term.start), Left.UNIT_LEFT
        term.save(update_fields=["end", "left"])
        record(term.seat, gettext_noop("Vacant: the unit left"), by=None, person=term.person)


@transaction.atomic
def postpone(consortium: Consortium, *, until: date, basis: str, by: User) -> int:
    """Put the re-election off: terms that would end before ``until`` run on; how many do.

    Raises ValidationError beyond a year after their time.
    """
    terms = standing.expiring(consortium, until - clock.today())
    moved = list(terms.filter(end__lt=until).select_for_update(of=["self"]))
    for term in moved:
        latest = term.due and standing.years_later(term.due, 1)
        if latest and until > latest:
            words = {"day": latest}
            raise ValidationError(
                _("A re-election is put off for a year at most: %(day)s.") % words
            )
        term.end = until
        term.save(update_fields=["end"])
        record(term.seat, gettext_noop("Re-election put off"), by=by, until=until, why=basis)
    return len(moved)


def _leave(term: Term, left: str, on: date, why: str) -> None:
    """End a running term on ``on``; IllegalMove where somebody has ended it meanwhile."""
    rows = Term.objects.filter(pk=term.pk, left="", start__lte=on)
    if not rows.filter(Q(end=None) | Q(end__gte=on)).update(end=on, left=left, left_why=why):
        raise IllegalMove(f"{term} does not run on {on}")
    term.refresh_from_db()


def _tell(term: Term, message: str) -> None:
    """The unit and the person."""
    people = list(people_of(term.organisation)) + ([term.user] if term.user else [])
    names = {"consortium": both(term.seat.consortium), "person": term.person}
    notify(people, message, url=term.get_absolute_url(), **names, post=_post_in_both(term.seat))


def _post_in_both(seat: Seat) -> dict[str, str]:
    words = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            words[key] = str(seat.get_post_display())
    return words


# --- grades -------------------------------------------------------------------------------


@transaction.atomic
def align_grades(consortium: Consortium, *, by: User, why: str = "") -> int:
    """Give each member the grade of the highest seat its people hold; how many changed."""
    changes = standing.grades_to_align(consortium)
    for membership, grade in changes:
        reason = why or _("As the seats of the council stand")
        regrade(membership, by=by, part=membership.part, grade=grade, why=reason)
    return len(changes)
