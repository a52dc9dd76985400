"""Who sits in which organ and may vote there, and who may fill and empty seats."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from silian.governance.charters.models import SITS_IN, Organ, Post, SeatRule
from silian.governance.charters.policy import charter_of
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Seat, SeatQuerySet, Term, TermQuerySet
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

Category = SeatRule.Category
KINDS: dict[str, tuple[str, ...]] = {  # which organisations a seat is kept for
    Category.ANY: tuple(Organisation.Kind.values),
    Category.GOVERNMENT: Organisation.GOVERNMENT_SIDE,
    Category.SCHOOL: Organisation.SCHOOLS,
    Category.ENTERPRISE: (Organisation.Kind.ENTERPRISE,),
    Category.ASSOCIATION: (Organisation.Kind.ASSOCIATION,),
    Category.RESEARCH: (Organisation.Kind.INSTITUTE, Organisation.Kind.HOSPITAL),
}


def by_rank(post: str = "post") -> Case:
    """From the chair down; ``post`` is the column that holds it."""
    return Case(*(When(**{post: value}, then=place) for place, value in enumerate(Post)))


def visible_seats(user: Viewer) -> SeatQuerySet:
    """All seats, from the chair down; each brings its ``running`` terms and its ``siblings``."""
    running = Term.objects.running().select_related("organisation")
    same = Seat.objects.open().filter(consortium=OuterRef("consortium"), post=OuterRef("post"))
    siblings = same.order_by().values("post").annotate(n=Count("pk")).values("n")
    return (
        Seat.objects.select_related("consortium")
        .prefetch_related(Prefetch("terms", queryset=running, to_attr="running"))
        .annotate(rank=by_rank(), siblings=Subquery(siblings))
        .order_by("rank", "number")
    )


def visible_terms(user: Viewer) -> TermQuerySet:
    """Who holds or held which seat is public."""
    rows = Term.objects.select_related("seat__consortium", "organisation", "user")
    return rows.annotate(rank=by_rank("seat__post")).order_by("-end", "rank", "seat__number")


def vacant_seats(consortium: Consortium, on: date | None = None) -> QuerySet[Seat]:
    """Seats that stand and that nobody holds on that day (today), from the chair down."""
    held = Term.objects.running(on).filter(seat=OuterRef("pk"))
    seats = consortium.seats.open(on).exclude(Exists(held))
    return seats.annotate(rank=by_rank()).order_by("rank", "number")


# --- who votes ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Elector:
    """One vote or more of one unit; ``user`` is the person of a council seat, where one is named.

    Where ``user`` is None, anybody who acts for the unit may vote for it.
    """

    organisation: Organisation
    person: str = ""
    user: User | None = None
    votes: int = 1


def electorate(consortium: Consortium, organ: str, on: date | None = None) -> list[Elector]:
    """Who may vote in ``organ`` on that day (today): one unit one vote, or as the charter weighs.

    In the assembly all current members but the guiding bodies; elsewhere the holders of the
    seats that belong to the organ, each unit once, by the person who stands first. A unit that is
    suspended has no vote anywhere.
    """
    day = on or clock.today()
    members = voting_members(consortium, day)
    if organ == Organ.ASSEMBLY:
        charter = charter_of(consortium, day)
        votes = dict(charter.weights.values_list("grade", "votes")) if charter else {}
        found = members.select_related("organisation")
        return [Elector(m.organisation, votes=votes.get(m.grade, 1)) for m in found]
    terms = (
        Term.objects.running(day)
        .filter(seat__consortium=consortium, seat__post__in=SITS_IN[Organ(organ)])
        .filter(organisation__in=members.values("organisation"))
        .annotate(rank=by_rank("seat__post"))
        .select_related("organisation", "user")
        .order_by("rank", "seat__number")
    )
    once: dict[int, Term] = {}
    for term in terms:
        once.setdefault(term.organisation_id, term)
    return [Elector(term.organisation, term.person, term.user) for term in once.values()]


def voting_members(consortium: Consortium, day: date) -> QuerySet[Membership]:
    """Current members on that day; guiding bodies guide and do not vote."""
    current = consortium.memberships.current().filter(admitted_on__lte=day)
    return current.exclude(part=Membership.Part.GUIDING)


# --- who may sit where ------------------------------------------------------------------


def fits(seat: Seat, organisation: Organisation) -> bool:
    """Is ``seat`` open to organisations of this kind?"""
    return organisation.kind in KINDS[seat.category]


def candidates_for(seat: Seat) -> QuerySet[Organisation]:
    """The members that may hold ``seat``: current, no guiding body, of the kind it is kept for."""
    members = voting_members(seat.consortium, clock.today())
    found = Organisation.objects.filter(pk__in=members.values("organisation"))
    return found.filter(kind__in=KINDS[seat.category])


# --- who may --------------------------------------------------------------------------------


def may_fill_seats(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` set up, fill and empty seats of ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_raise(user: Viewer, consortium: Consortium) -> Verdict:
    verdict = may_fill_seats(user, consortium)
    if verdict and not charter_of(consortium):
        return Verdict(_("There is no charter in force yet that sets seats."))
    return verdict


def may_fill(user: Viewer, seat: Seat) -> Verdict:
    """May ``user`` appoint somebody to ``seat``, or co-opt somebody into it?"""
    verdict = may_fill_seats(user, seat.consortium)
    if not verdict:
        return verdict
    if seat.closed_on and seat.closed_on <= clock.today():
        return Verdict(_("This seat is abolished."))
    if seat.terms.running().exists():
        return Verdict(_("Somebody holds this seat."))
    return YES


def may_end(user: Viewer, term: Term) -> Verdict:
    """May ``user`` note that the holder resigned, was dismissed or is replaced by the unit?"""
    verdict = may_fill_seats(user, term.seat.consortium)
    if verdict and (term.left or not term.runs):
        return Verdict(_("This term does not run, or its end is settled."))
    return verdict


def may_postpone(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` put off the re-election, so that running terms last longer?"""
    verdict = may_fill_seats(user, consortium)
    if verdict and not Term.objects.running().filter(seat__consortium=consortium).exists():
        return Verdict(_("No term of office is running."))
    return verdict
