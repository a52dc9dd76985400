"""How a council stands: against its charter, against time, and against its members' grades."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.charters.models import LEADERS, Charter, Post
from silian.governance.charters.policy import charter_of
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Seat, Term
from silian.governance.council.policy import vacant_seats, voting_members
from silian.governance.members.models import Membership, Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User

SOON = timedelta(days=90)  # how long before its end a term is called to mind
BREAK = timedelta(days=365)  # terms with less than this between them are "in a row"

# --- against the charter ------------------------------------------------------------------


@dataclass(frozen=True)
class Shortfall:
    """How the seats that stand differ from those that the charter sets."""

    missing: list[tuple[str, str, int]]  # post, category, how many
    surplus: list[Seat]  # empty, and more than the charter sets

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus)

    @property
    def lacking(self) -> int:
        return sum(count for _post, _category, count in self.missing)


def shortfall(consortium: Consortium) -> Shortfall:
    """Seats that the charter in force sets and that do not stand yet, and empty ones beyond it."""
    charter = charter_of(consortium)
    if not charter:
        return Shortfall([], [])
    standing = consortium.seats.open()
    counted = Counter(standing.values_list("post", "category"))
    rules = {(rule.post, rule.category): rule.count for rule in charter.seat_rules.all()}
    wanted = ((*key, count - counted[key]) for key, count in rules.items())
    empty = list(vacant_seats(consortium).reverse())  # those with the highest numbers go first
    surplus = []
    for key, count in counted.items():
        spare = [seat for seat in empty if (seat.post, seat.category) == key]
        surplus += spare[: max(0, count - rules.get(key, 0))]
    return Shortfall([row for row in wanted if row[2] > 0], surplus)


# --- against time -------------------------------------------------------------------------


def term_end(seat: Seat, start: date) -> date:
    """When a term that begins on ``start`` ends by the charter that is in force then."""
    charter = charter_of(seat.consortium, start) or Charter()
    rotates = seat.post == Post.CHAIR and charter.chair_years
    return years_later(start, rotates or charter.term_years)


def years_later(day: date, years: int) -> date:
    """The same day of a later year; 1 March where that year has no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def expiring(consortium: Consortium, within: timedelta) -> QuerySet[Term]:
    """Running terms that end soon and for whose seat nobody is chosen yet."""
    following = Term.objects.filter(seat=OuterRef("seat"), start__gte=OuterRef("end"))
    ending = Term.objects.running().filter(
        seat__consortium=consortium, left="", end__lte=clock.today() + within
    )
    return ending.exclude(Exists(following)).order_by("end")


# --- what speaks against somebody -----------------------------------------------------------


def warnings(
    seat: Seat, organisation: Organisation, person: str, user: User | None, start: date
) -> list[str]:
    """What speaks against this holder without forbidding it: a written reason is asked for."""
    return list(_warnings(seat, organisation, person, user, start)) if seat.leads else []


def _warnings(
    seat: Seat, organisation: Organisation, person: str, user: User | None, start: date
) -> Iterator[str]:
    charter = charter_of(seat.consortium, start) or Charter()
    served = terms_in_a_row(seat.consortium, person, user, start)
    if served >= charter.term_limit:
        words = {"person": person, "served": served, "limit": charter.term_limit}
        yield (
            _("%(person)s has led for %(served)s terms in a row; the charter allows %(limit)s.")
            % words
        )
    others = Term.objects.running(start).filter(
        seat__consortium=seat.consortium, seat__post__in=LEADERS, organisation=organisation
    )
    for other in others.exclude(seat=seat).select_related("seat")[:1]:
        words = {"unit": organisation.name, "seat": str(other.seat)}
        yield _("%(unit)s holds another leading seat already: %(seat)s.") % words


def terms_in_a_row(consortium: Consortium, person: str, user: User | None, before: date) -> int:
    """How many terms as a leader this person served without a break up to that day.

    Posts held at the same time are one term. Known by account, or by name where there is none.
    """
    same = Q(user=user) if user else Q(person=person, user=None)
    served = Term.objects.filter(
        same, seat__consortium=consortium, seat__post__in=LEADERS, start__lt=before
    )
    count, reaches = 0, before
    for term in served.order_by("-start"):
        end = term.end or before
        if end < reaches - BREAK:
            break
        if not count or end <= reaches:
            count += 1
        reaches = term.start
    return count


# --- at a glance --------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    seats: int
    held: int
    units: int

    @property
    def vacant(self) -> int:
        return self.seats - self.held


def tally(consortium: Consortium) -> Tally:
    """How many seats stand, how many of them are held, and by how many units."""
    seats = consortium.seats.open()
    held = Term.objects.running().filter(seat__in=seats)
    units = held.order_by().values("organisation").distinct().count()
    return Tally(seats.count(), held.count(), units)


@dataclass(frozen=True)
class Course:
    """The term that most seats share, and how far it has run."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def passed(self) -> int:
        return (clock.today() - self.start).days

    @property
    def left(self) -> int:
        return self.days - self.passed


def course(consortium: Consortium) -> Course | None:
    running = Term.objects.running().filter(seat__consortium=consortium, end__isnull=False)
    spans = Counter(Course(term.start, term.end) for term in running if term.end)
    return spans.most_common(1)[0][0] if spans else None


# --- against grades -----------------------------------------------------------------------

Grade = Membership.Grade
GRADES: dict[str, Grade] = {
    Post.CHAIR: Grade.CHAIR,
    Post.EXECUTIVE_VICE_CHAIR: Grade.EXECUTIVE_VICE_CHAIR,
    Post.VICE_CHAIR: Grade.VICE_CHAIR,
    Post.SECRETARY_GENERAL: Grade.COUNCIL,
    Post.DEPUTY_SECRETARY_GENERAL: Grade.COUNCIL,
    Post.COUNCILLOR: Grade.COUNCIL,
}


def grades_to_align(consortium: Consortium) -> list[tuple[Membership, Grade]]:
    """Members whose grade is not that of the highest seat they hold, with the grade it gives.

    Guiding bodies are left alone, and everybody where no term is running.
    """
    terms = Term.objects.running().filter(seat__consortium=consortium).select_related("seat")
    highest = list(Grade).index
    best: dict[int, Grade] = {}
    for term in terms:
        before = best.get(term.organisation_id, Grade.MEMBER)
        grade = GRADES.get(term.seat.post, Grade.MEMBER)
        best[term.organisation_id] = min(before, grade, key=highest)
    members = voting_members(consortium, clock.today()).select_related("organisation")
    wanted = [(member, best.get(member.organisation_id, Grade.MEMBER)) for member in members]
    return [(member, grade) for member, grade in wanted if best and member.grade != grade]
