"""Who prepares a practical exam, and what examiners and candidates see of it: an examiner their own
stations, where candidates are numbers; a candidate their own entry; nobody else anything."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.examiners.models import Examiner
from silian.education.examiners.policy import members_of
from silian.education.practicals import readiness, teams
from silian.education.practicals.models import Entrant, Panellist, Practical, Station, Turn
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
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

State = Practical.State
EARLIEST = timedelta(hours=12)  # before the first turn, for whoever comes to be admitted
TOLD = [State.ANNOUNCED, State.CLOSED]  # what those who do not prepare it may see

may_judge = teams.may_judge


def prepared_by(user: Viewer, path: str = "") -> Q:
    """What the offices of ``user`` prepare; ``path`` leads from a row to its exam."""
    return Q(**{f"{path}consortium__in": secretariats_of(user)}) | Q(
        **{f"{path}organiser__in": organisations_of(user)}
    )


def visible_practicals(user: Viewer) -> QuerySet[Practical]:
    """Those that one prepares, and those at whose stations one judges."""
    rows = Practical.objects.select_related("consortium", "organiser", "occupation")
    if not isinstance(user, User):
        return rows.none()
    judging = Panellist.objects.filter(examiner__user=user).values("station__practical")
    return rows.filter(prepared_by(user) | Q(pk__in=judging, state__in=TOLD))


def visible_stations(user: Viewer) -> QuerySet[Station]:
    """Those that one prepares, and those at which one judges."""
    rows = Station.objects.select_related("practical__consortium", "practical__organiser")
    if not isinstance(user, User):
        return rows.none()
    mine = Panellist.objects.filter(examiner__user=user).values("station")
    judged = Q(pk__in=mine, practical__state__in=TOLD)
    return rows.filter(prepared_by(user, "practical__") | judged)


def visible_entrants(user: Viewer) -> QuerySet[Entrant]:
    """With their names, so only for the office."""
    rows = Entrant.objects.select_related("practical__consortium", "person", "organisation")
    return rows.filter(prepared_by(user, "practical__"))


def visible_turns(user: Viewer) -> QuerySet[Turn]:
    """The turns at the stations that one may see. Examiners are shown ``entrant.draw`` alone."""
    rows = Turn.objects.select_related("station__practical__consortium", "entrant")
    return rows.filter(station__in=visible_stations(user).values("pk"))


def own_entries(user: User) -> QuerySet[Entrant]:
    """The practical exams that ``user`` is to take or has taken."""
    rows = Entrant.objects.filter(person__user=user).exclude(practical__state=State.DRAFT)
    return rows.select_related("practical__consortium", "practical__organiser", "person").order_by(
        "-practical__begins_at"
    )


def own_stations(user: User) -> QuerySet[Station]:
    """The stations at which ``user`` judges, in exams that are announced."""
    rows = Station.objects.filter(panel__examiner__user=user, practical__state=State.ANNOUNCED)
    return rows.select_related("practical__consortium").order_by("practical__begins_at", "order")


def organisers(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The members for which ``user`` may hold an exam; the secretariat holds it for any."""
    rows = members_of(consortium)
    return rows if is_secretary(user, consortium) else rows.filter(pk__in=organisations_of(user))


def register_for(practical: Practical) -> QuerySet[Examiner]:
    """Everybody in the register; who must not judge here is refused with the reason."""
    rows = Examiner.objects.filter(consortium=practical.consortium)
    return rows.select_related("user", "organisation").prefetch_related("cards__occupation")


def earlier_exams(user: Viewer, practical: Practical) -> QuerySet[Practical]:
    """Whose stations can be copied: those that one prepares and that have some."""
    rows = Practical.objects.filter(prepared_by(user), consortium=practical.consortium)
    return rows.exclude(pk=practical.pk).filter(stations__isnull=False).distinct()


def may_hold(user: Viewer, consortium: Consortium) -> Verdict:
    if organisers(user, consortium).exists():
        return YES
    return Verdict(_("Only the secretariat and members hold practical exams."))


def may_manage(user: Viewer, practical: Practical) -> Verdict:
    """May ``user`` act for the office of this exam?"""
    if is_secretary(user, practical.consortium) or acts_for(user, practical.organiser):
        return YES
    return Verdict(_("Only the secretariat and the organiser can do this."))


def may_prepare(user: Viewer, practical: Practical) -> Verdict:
    own = may_manage(user, practical)
    if own and practical.state != State.DRAFT:
        return Verdict(_("The exam is announced: stations, criteria and candidates stay."))
    return own


def may_replan(user: Viewer, practical: Practical) -> Verdict:
    """May ``user`` move a turn or replace an examiner? Until the exam is over."""
    own = may_manage(user, practical)
    if own and practical.state not in (State.DRAFT, State.ANNOUNCED):
        return Verdict(_("The exam is over."))
    return own


def may_announce(user: Viewer, practical: Practical) -> Verdict:
    own = may_prepare(user, practical)
    if not own:
        return own
    return Verdict(" ".join(readiness.missing(practical)))


def may_cancel(user: Viewer, practical: Practical) -> Verdict:
    own = may_manage(user, practical)
    if own and State.CANCELLED not in Practical.MOVES.get(State(practical.state), ()):
        return Verdict(_("The exam is over."))
    return own


def may_admit(user: Viewer, practical: Practical) -> Verdict:
    """May ``user`` check who comes? Not the examiners: they do not learn names."""
    own = may_manage(user, practical)
    if own and practical.state != State.ANNOUNCED:
        return Verdict(_("The exam is not going on."))
    if own and clock.now() < practical.begins_at - EARLIEST:
        return Verdict(_("Identity is checked on the day of the exam."))
    return own
