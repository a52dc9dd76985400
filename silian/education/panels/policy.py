"""Who gives marks of the office, who checks them, and who sits on a panel."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.examiners.models import Examiner, Relation
from silian.education.panels.models import FEWEST_EXPERTS, Given, Opinion, Review, Seat
from silian.education.schemes.levels import PartKind
from silian.education.schemes.terms import part_names
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.education.skillappraisals.policy import may_manage
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Appraisal.State
MARKED = (State.UNDER_WAY, State.DRAFTED, *Appraisal.TOLD)


def seat_of(user: Viewer, appraisal: Appraisal) -> Seat | None:
    if not isinstance(user, User):
        return None
    return appraisal.seats.filter(user=user).select_related("appraisal__consortium").first()


def taking(appraisal: Appraisal, part: str) -> QuerySet[Entry]:
    """Who takes this part: everybody accepted, without who is exempt."""
    rows = appraisal.entries.filter(state=Entry.State.ACCEPTED).exclude(exemptions__part=part)
    return rows.select_related("appraisal__consortium", "person", "organisation")


def given_for(appraisal: Appraisal, part: str) -> QuerySet[Given]:
    rows = Given.objects.filter(entry__appraisal=appraisal, part=part)
    return rows.select_related("entry", "by", "checked_by")


def panel_of(appraisal: Appraisal) -> QuerySet[Seat]:
    return appraisal.seats.select_related("user")


def to_review(seat: Seat) -> QuerySet[Entry]:
    """Whom this expert gives points to: not themselves, nor whom they stated as related, nor
    people of their own organisation."""
    related = Relation.objects.filter(
        examiner__user=seat.user, examiner__consortium=seat.appraisal.consortium_id
    )
    rows = taking(seat.appraisal, PartKind.REVIEW).exclude(person__user=seat.user)
    rows = rows.exclude(person__in=related.values("person"))
    own = Role.objects.running().filter(user=seat.user).exclude(organisation=None)
    kept_off = Q(organisation__in=own.values("organisation"))
    body = Q(organisation=seat.appraisal.organiser_id)  # its people are not its customers
    return rows.exclude(kept_off & ~body)


def chief_for(entry: Entry) -> User | None:
    """The chief of the panel, unless kept from this candidate."""
    seat = panel_of(entry.appraisal).filter(chief=True).first()
    if seat is None or not to_review(seat).filter(pk=entry.pk).exists():
        return None
    return seat.user


def reviewed(entry: Entry) -> Review | None:
    return Review.objects.filter(entry=entry).prefetch_related("rulings__by").first()


def opinions_on(entry: Entry) -> QuerySet[Opinion]:
    return entry.opinions.select_related("seat__user")


def own_opinions(seat: Seat) -> dict[int, Opinion]:
    return {one.entry_id: one for one in seat.opinions.all()}


def own_seats(user: User) -> QuerySet[Seat]:
    """Wherever there is something to give, to decide, or to correct after an appeal."""
    rows = Seat.objects.filter(user=user, appraisal__state__in=MARKED)
    return rows.select_related("appraisal__consortium")


def disputed(appraisal: Appraisal) -> QuerySet[Review]:
    """Where the experts differ by more than the rule allows and the chief has not decided."""
    limit = appraisal.terms.get("difference") or 100
    rows = Review.objects.filter(entry__appraisal=appraisal, difference__gt=limit)
    return rows.filter(rulings=None).select_related("entry")


def possible_experts(appraisal: Appraisal) -> QuerySet[User]:
    """Experts of the consortium, its examiners, and the body's own people."""
    sides = Q(consortium=appraisal.consortium_id, kind=Role.Kind.EXPERT)
    sides |= Q(organisation=appraisal.organiser_id) & ~Q(kind=Role.Kind.STUDENT)
    running = Role.objects.running().filter(sides)
    examiner = Examiner.objects.filter(consortium=appraisal.consortium_id, user=OuterRef("pk"))
    rows = User.objects.filter(Q(pk__in=running.values("user")) | Exists(examiner))
    sitting = appraisal.seats.values("user")
    taking = appraisal.entries.exclude(state=Entry.State.WITHDRAWN)
    known = taking.filter(person__user__isnull=False).values("person__user")
    rows = rows.filter(is_active=True).exclude(pk__in=sitting).exclude(pk__in=known)
    return rows.order_by("name", "pk")


def office_parts(appraisal: Appraisal) -> list[str]:
    """The parts that the office gives marks for: those that neither an exam nor a panel marks."""
    elsewhere = {PartKind.REVIEW}
    if appraisal.exam_id:
        elsewhere.add(PartKind.THEORY)
    if appraisal.practical_id:
        elsewhere.add(PartKind.PRACTICAL)
    return [name for name in part_names(appraisal.terms) if name not in elsewhere]


# --- verdicts ---------------------------------------------------------------------------
def may_give(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_manage(user, appraisal)
    if own and appraisal.state not in MARKED:
        return Verdict(_("The appraisal is not under way."))
    return own


def may_give_to(user: Viewer, entry: Entry) -> Verdict:
    own = may_give(user, entry.appraisal)
    if own and entry.person.user_id == getattr(user, "pk", 0):
        return Verdict(_("Nobody marks themselves."))
    return own


def may_check(user: Viewer, appraisal: Appraisal, part: str) -> Verdict:
    """A second person: whoever gave a mark does not check it."""
    own = may_give(user, appraisal)
    if not own:
        return own
    if not given_for(appraisal, part).filter(checked_by=None).exists():
        return Verdict(_("No mark waits to be checked."))
    if not to_check(user, appraisal, part).exists():
        return Verdict(_("A second person checks what you gave."))
    return YES


def to_check(user: Viewer, appraisal: Appraisal, part: str) -> QuerySet[Given]:
    """Marks that others gave to others."""
    key = getattr(user, "pk", 0)
    waiting = given_for(appraisal, part).filter(checked_by=None).exclude(by=key)
    return waiting.exclude(entry__person__user=key)


def may_seat(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_manage(user, appraisal)
    if not own:
        return own
    if PartKind.REVIEW not in part_names(appraisal.terms):
        return Verdict(_("This level has no comprehensive review."))
    if appraisal.state not in (State.OPEN, State.UNDER_WAY):
        return Verdict(_("Results are drafted already."))
    if Opinion.objects.filter(seat__appraisal=appraisal).exists():
        return Verdict(_("The panel is at work: it stays as it is."))
    return YES


def may_review(user: Viewer, appraisal: Appraisal) -> Verdict:
    if seat_of(user, appraisal) is None:
        return Verdict(_("Only experts of the panel can do this."))
    if appraisal.state != State.UNDER_WAY:
        return Verdict(_("The appraisal is not under way."))
    if appraisal.seats.count() < FEWEST_EXPERTS:
        return Verdict(_("A panel has at least %(n)s experts.") % {"n": FEWEST_EXPERTS})
    if not appraisal.seats.filter(chief=True).exists():
        return Verdict(_("The panel has no chief yet."))
    return YES


def may_opine(user: Viewer, entry: Entry) -> Verdict:
    """Give points, or change one's own while others still think."""
    own = may_review(user, entry.appraisal)
    seat = seat_of(user, entry.appraisal)
    if seat is None or not own:
        return own
    if not to_review(seat).filter(pk=entry.pk).exists():
        return Verdict(_("You do not review this candidate."))
    if reviewed(entry):
        return Verdict(_("All experts have given their points: they stay."))
    return own


def may_rule(user: Viewer, entry: Entry) -> Verdict:
    """The chief decides where experts differ too much, and corrects what an appeal upheld."""
    seat = seat_of(user, entry.appraisal)
    if seat is None or not seat.chief:
        return Verdict(_("Only the chief of the panel decides."))
    review = reviewed(entry)
    if review is None:
        return Verdict(_("Not all experts have given their points."))
    settled = review.rulings.exists() or review not in disputed(entry.appraisal)
    if settled and not entry.appraisal.is_told:
        return Verdict(_("The experts agree well enough."))
    return YES
