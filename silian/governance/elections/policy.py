"""Who may see elections and candidates, and who may do what in them."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.charters.policy import charter_of
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Seat
from silian.governance.council.policy import voting_members
from silian.governance.elections.models import Candidate, Election, Race
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
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

State = Election.State


# --- who sees what ----------------------------------------------------------------------


def visible_elections(user: Viewer) -> QuerySet[Election]:
    """An election is public once nominations are open; before, and abandoned, its secretariat's."""
    public = Q(state__in=Election.ANNOUNCED)
    own = Q(consortium__in=secretariats_of(user))
    rows = Election.objects.filter(public | own)
    return rows.select_related("consortium", "charter", "item__meeting")


def visible_candidates(user: Viewer) -> QuerySet[Candidate]:
    """Public are those who stand, once they are listed; before, the sides concerned see them."""
    units = organisations_of(user)
    public = Q(state=Candidate.State.ADMITTED, race__election__state__in=Election.LISTING)
    mine = Q(organisation__in=units) | Q(nominated_by__in=units)
    own = Q(race__election__consortium__in=secretariats_of(user))
    rows = Candidate.objects.filter(public | mine | own)
    return rows.select_related("race__election__consortium", "organisation", "nominated_by", "user")


def visible_races(user: Viewer, election: Election) -> QuerySet[Race]:
    """The posts of an election, each with its seats and what ``user`` may see of its candidates."""
    candidates = visible_candidates(user).order_by("place", "pk")
    return election.races.prefetch_related(
        "seats", Prefetch("candidates", queryset=candidates, to_attr="shown")
    )


def open_seats(consortium: Consortium) -> QuerySet[Seat]:
    """The seats that can be filled by election."""
    return consortium.seats.open()


def people_of_members(consortium: Consortium) -> QuerySet[User]:
    """Everybody who acts for a member with a vote."""
    members = voting_members(consortium, clock.today())
    roles = Role.objects.running().filter(
        kind__in=Role.ACTING, organisation__in=members.values("organisation")
    )
    return User.objects.filter(is_active=True, pk__in=roles.values("user"))


def nominating_units(user: Viewer, election: Election) -> QuerySet[Organisation]:
    """The members for which ``user`` may nominate."""
    members = voting_members(election.consortium, clock.today())
    mine = Organisation.objects.filter(pk__in=organisations_of(user))
    return mine.filter(pk__in=members.values("organisation"))


# --- the secretariat --------------------------------------------------------------------


def may_prepare(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` make elections of ``consortium``?"""
    if not is_secretary(user, consortium):
        return Verdict(_("Only the secretariat of the consortium can do this."))
    if not charter_of(consortium):
        return Verdict(_("The consortium has no charter yet: adopt one first."))
    return YES


def conducts(user: Viewer, election: Election, *states: State, reason: str) -> Verdict:
    """May ``user`` act for the secretariat in an election that is in one of ``states``?"""
    verdict = may_prepare(user, election.consortium)
    return Verdict(reason) if verdict and election.state not in states else verdict


def may_edit(user: Viewer, election: Election) -> Verdict:
    reason = _("Posts and rules of an election stand once nominations are open.")
    return conducts(user, election, State.PREPARED, reason=reason)


def may_open_nominations(user: Viewer, election: Election) -> Verdict:
    verdict = conducts(
        user, election, State.PREPARED, State.LISTED, reason=_("Nominations were open already.")
    )
    if verdict and not election.races.exists():
        return Verdict(_("Say first which posts are to be filled."))
    return verdict


def may_list(user: Viewer, election: Election) -> Verdict:
    """May ``user`` publish the list of candidates?"""
    verdict = conducts(user, election, State.NOMINATING, reason=_("Nominations are not open."))
    if verdict and election.takes_nominations:
        return Verdict(_("Nominations are still open."))
    return verdict and is_complete(election)


def is_complete(election: Election) -> Verdict:
    """Is every candidature decided, and do enough stand for every post?"""
    for race in election.races.prefetch_related("candidates", "seats"):
        states = [candidate.state for candidate in race.candidates.all()]
        if set(states) & set(Candidate.WAITING):
            return Verdict(_("%(post)s: a candidature is not decided.") % {"post": race.title})
        lacking = race.candidates_needed - states.count(Candidate.State.ADMITTED)
        if lacking > 0:
            said = _("%(post)s: %(lacking)s more must stand.")
            return Verdict(said % {"post": race.title, "lacking": lacking})
    return YES


def may_review(user: Viewer, candidate: Candidate) -> Verdict:
    election = candidate.race.election
    verdict = conducts(user, election, State.NOMINATING, reason=_("Candidates are listed already."))
    reviewable = (Candidate.State.ACCEPTED, Candidate.State.ADMITTED, Candidate.State.REFUSED)
    if verdict and candidate.state not in reviewable:
        return Verdict(_("There is nothing to review here."))
    return verdict


# --- units ----------------------------------------------------------------------------


def may_nominate(user: Viewer, election: Election) -> Verdict:
    """Members nominate, and the secretariat, while nominations are open."""
    if not is_secretary(user, election.consortium) and not nominating_units(user, election):
        return Verdict(_("Members of the consortium nominate."))
    return YES if election.takes_nominations else Verdict(_("Nominations are not open."))


def may_answer(user: Viewer, candidate: Candidate) -> Verdict:
    """May ``user`` say for the candidate's unit whether they stand?"""
    if not acts_for(user, candidate.organisation):
        return Verdict(_("The unit of the candidate answers this."))
    if candidate.state != Candidate.State.NOMINATED:
        return Verdict(_("The unit has answered."))
    if candidate.race.election.state != State.NOMINATING:
        return Verdict(_("Nominations are not open."))
    return YES


def may_state(user: Viewer, candidate: Candidate) -> Verdict:
    """May ``user`` write what the candidate says to the electors?"""
    if not acts_for(user, candidate.organisation) and candidate.user_id != user.pk:
        return Verdict(_("The candidate and their unit write this."))
    if candidate.race.election.state != State.NOMINATING:
        return Verdict(_("Statements stand once the candidates are listed."))
    return YES


def may_withdraw(user: Viewer, candidate: Candidate) -> Verdict:
    if not acts_for(user, candidate.organisation) and candidate.user_id != user.pk:
        return Verdict(_("The candidate and their unit decide this."))
    if candidate.race.election.state not in (State.NOMINATING, State.LISTED):
        return Verdict(_("Nobody withdraws once voting has begun."))
    if candidate.state not in (Candidate.State.ACCEPTED, Candidate.State.ADMITTED):
        return Verdict(_("This candidature is not running."))
    return YES


def may_see_dealings(user: Viewer, candidate: Candidate) -> bool:
    """Who nominated, what review said, the record: for the sides concerned."""
    units = organisations_of(user)
    sides = {candidate.organisation_id, candidate.nominated_by_id} & set(units)
    return bool(sides) or is_secretary(user, candidate.race.election.consortium)
