"""Who may see a ceremony, and who prepares and conducts it."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.ceremonies.models import Ceremony, Turn
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Item, Meeting
from silian.governance.meetings.policy import visible_meetings
from silian.governance.roles.policy import Viewer, is_secretary
from silian.governance.signing.models import Process, Signatory
from silian.kernel.verdicts import YES, Verdict


def visible_ceremonies(user: Viewer) -> QuerySet[Ceremony]:
    """Those of the meetings that ``user`` may see; each brings its ``turns`` in order."""
    seen = visible_meetings(user)
    rows = Ceremony.objects.filter(item__meeting__in=seen.values("pk"))
    return rows.select_related("item__meeting__consortium").prefetch_related(
        Prefetch("turns", queryset=with_signings(Turn.objects.all()))
    )


def with_signings(turns: QuerySet[Turn]) -> QuerySet[Turn]:
    """Each turn with the agreement, its parties in order, and its signings, the last first."""
    parties = Prefetch(
        "agreement__party_set", queryset=Party.objects.select_related("organisation")
    )
    people = Signatory.objects.select_related("organisation", "user", "act")
    signings = Process.objects.prefetch_related(Prefetch("signatories", queryset=people))
    return turns.select_related("agreement__consortium").prefetch_related(
        parties, Prefetch("agreement__signings", queryset=signings)
    )


def visible_items(user: Viewer, consortium: Consortium) -> QuerySet[Item]:
    """The agenda items that are signing ceremonies."""
    seen = visible_meetings(user).filter(consortium=consortium)
    rows = Item.objects.filter(meeting__in=seen.values("pk"), kind=Item.Kind.CEREMONY)
    return rows.select_related("meeting__consortium", "ceremony")


def signable(consortium: Consortium, ceremony: Ceremony | None) -> QuerySet[Agreement]:
    """What can be signed there: open for signing, and in no other ceremony that lies ahead."""
    elsewhere = Turn.objects.filter(agreement=OuterRef("pk")).exclude(
        ceremony__state=Ceremony.State.DONE
    )
    if ceremony:
        elsewhere = elsewhere.exclude(ceremony=ceremony)
    opened = Process.objects.filter(agreement=OuterRef("pk"), state=Process.State.OPEN)
    return Agreement.objects.filter(
        Exists(opened), ~Exists(elsewhere), consortium=consortium, state=Agreement.State.SIGNING
    ).order_by("number", "pk")


def turns_of(ceremony: Ceremony | None) -> QuerySet[Turn]:
    return Turn.objects.filter(ceremony=ceremony).order_by("order", "pk")


def choices_for(consortium: Consortium, ceremony: Ceremony | None) -> QuerySet[Agreement]:
    """What can be signed there, and what has its turn already; with the parties in order."""
    parties = Prefetch("party_set", queryset=Party.objects.select_related("organisation"))
    can = signable(consortium, ceremony).values("pk")
    known = turns_of(ceremony).values("agreement")
    rows = Agreement.objects.filter(Q(pk__in=can) | Q(pk__in=known))
    return rows.prefetch_related(parties).order_by("number", "pk")


def may_prepare(user: Viewer, item: Item) -> Verdict:
    """May ``user`` choose what is signed, and in which order?"""
    verdict = _for_secretariat(user, item.meeting.consortium)
    ceremony = getattr(item, "ceremony", None)
    if verdict and ceremony and ceremony.state == Ceremony.State.DONE:
        return Verdict(_("The ceremony is over."))
    if verdict and item.meeting.state in (Meeting.State.CLOSED, Meeting.State.CANCELLED):
        return Verdict(_("The meeting is over, or was cancelled."))
    return verdict


def may_start(user: Viewer, ceremony: Ceremony) -> Verdict:
    """May ``user`` begin? The meeting is in session, and there is something to sign."""
    meeting = ceremony.item.meeting
    verdict = _for_secretariat(user, meeting.consortium)
    if not verdict:
        return verdict
    if ceremony.state != Ceremony.State.PREPARED:
        return Verdict(_("The ceremony has begun already."))
    if meeting.state != Meeting.State.OPEN:
        return Verdict(_("The meeting is not in session."))
    return YES if ceremony.turns.all() else Verdict(_("Choose first what is signed."))


def may_conduct(user: Viewer, ceremony: Ceremony) -> Verdict:
    """May ``user`` call the next agreement, and end the ceremony?"""
    verdict = _for_secretariat(user, ceremony.item.meeting.consortium)
    if verdict and ceremony.state != Ceremony.State.RUNNING:
        return Verdict(_("The ceremony is not under way."))
    return verdict


def _for_secretariat(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))
