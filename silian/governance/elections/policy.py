"""Who may see elections and candidates, and who may do what in them."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.ballots.policy import may_close as may_close_poll
from silian.governance.charters.policy import charter_of
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Seat
from silian.governance.council.policy import voting_members
from silian.governance.elections import counting
from silian.governance.elections.models import Candidate, Election, Race, Round, Scrutineer
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
    secretaries_of,
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
    mine = Q(scrutineers__user=user) if isinstance(user, User) else Q()
    rows = Election.objects.filter(public | own | mine).distinct()
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


def visible_rounds(user: Viewer, election: Election) -> QuerySet[Round]:
    rows = election.rounds.select_related("poll", "election__charter", "election__consortium")
    return rows.prefetch_related(
        "standings__candidate__race", "standings__candidate__organisation", "confirmations"
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


def possible_scrutineers(consortium: Consortium) -> QuerySet[User]:
    """People of members with a vote, and of the secretariat."""
    people = people_of_members(consortium) | secretaries_of(consortium)
    return people.order_by("name")


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


def _may(user: Viewer, election: Election, *states: State, reason: str) -> Verdict:
    verdict = may_prepare(user, election.consortium)
    return Verdict(reason) if verdict and election.state not in states else verdict


def may_edit(user: Viewer, election: Election) -> Verdict:
    reason = _("Posts and rules of an election stand once nominations are open.")
    return _may(user, election, State.PREPARED, reason=reason)


def may_name_scrutineers(user: Viewer, election: Election) -> Verdict:
    states = (State.PREPARED, State.NOMINATING, State.LISTED, State.VOTING)
    return _may(user, election, *states, reason=_("The count is confirmed."))


def may_open_nominations(user: Viewer, election: Election) -> Verdict:
    verdict = _may(
        user, election, State.PREPARED, State.LISTED, reason=_("Nominations were open already.")
    )
    if verdict and not election.races.exists():
        return Verdict(_("Say first which posts are to be filled."))
    return verdict


def may_list(user: Viewer, election: Election) -> Verdict:
    """May ``user`` publish the list of candidates?"""
    verdict = _may(user, election, State.NOMINATING, reason=_("Nominations are not open."))
    if verdict and election.takes_nominations:
        return Verdict(_("Nominations are still open."))
    return verdict and is_complete(election)


def is_complete(election: Election) -> Verdict:
    """Is every candidature decided, and do enough stand for every post?"""
    for race in election.races.prefetch_related("candidates", "seats"):
        states = [candidate.state for candidate in race.candidates.all()]
        if set(states) & set(Candidate.WAITING):
            return Verdict(_("%(post)s: a candidature is not decided.") % {"post": race.title})
        lacking = counting.candidates_needed(race) - states.count(Candidate.State.ADMITTED)
        if lacking > 0:
            said = _("%(post)s: %(lacking)s more must stand.")
            return Verdict(said % {"post": race.title, "lacking": lacking})
    return YES


def may_review(user: Viewer, candidate: Candidate) -> Verdict:
    election = candidate.race.election
    verdict = _may(user, election, State.NOMINATING, reason=_("Candidates are listed already."))
    reviewable = (Candidate.State.ACCEPTED, Candidate.State.ADMITTED, Candidate.State.REFUSED)
    if verdict and candidate.state not in reviewable:
        return Verdict(_("There is nothing to review here."))
    return verdict


def may_open_voting(user: Viewer, election: Election) -> Verdict:
    """May ``user`` open the first round?"""
    verdict = _may(user, election, State.LISTED, reason=_("The candidates are not listed."))
    if verdict and not election.scrutineers.exists():
        return Verdict(_("Name the scrutineers first."))
    return verdict and is_complete(election)


def may_extend(user: Viewer, election: Election) -> Verdict:
    verdict = _may(user, election, State.VOTING, reason=_("Nobody is voting."))
    last = election.last_round if verdict else None
    if last and (last.poll.state != last.poll.State.OPEN or last.poll.is_over):
        return Verdict(_("Voting is over."))
    return verdict


def may_count(user: Viewer, election: Election) -> Verdict:
    verdict = _may(user, election, State.VOTING, reason=_("Nobody is voting."))
    last = election.last_round
    return may_close_poll(last.poll) if verdict and last else verdict


def may_run_off(user: Viewer, election: Election) -> Verdict:
    """May ``user`` open another round?"""
    verdict = may_end(user, election)
    if verdict and not counting.goes_on(election):
        return Verdict(_("The charter has no further round for this election."))
    return verdict


def may_end(user: Viewer, election: Election) -> Verdict:
    """May ``user`` say that no further round is held, though seats are empty?"""
    verdict = _may(user, election, State.VOTING, reason=_("Nobody is voting."))
    return verdict and is_confirmed(election.last_round)


def is_confirmed(found: Round | None) -> Verdict:
    """Have all scrutineers confirmed the count?"""
    if found is None or found.result is None:
        return Verdict(_("The ballots are not counted yet."))
    answers = {answer.scrutineer_id: answer.objection for answer in found.confirmations.all()}
    if any(answers.values()):
        return Verdict(_("A scrutineer objects to the count."))
    if set(found.election.scrutineers.values_list("pk", flat=True)) - set(answers):
        return Verdict(_("The scrutineers have not confirmed the count yet."))
    return YES


def may_publish(user: Viewer, election: Election) -> Verdict:
    return _may(user, election, State.DECIDED, reason=_("The election is not decided."))


def may_abandon(user: Viewer, election: Election) -> Verdict:
    states = (State.PREPARED, State.NOMINATING, State.LISTED, State.VOTING)
    return _may(user, election, *states, reason=_("What is decided stands."))


# --- units and scrutineers --------------------------------------------------------------


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


def scrutineer_of(user: Viewer, election: Election) -> Scrutineer | None:
    return election.scrutineers.filter(user=user).first() if isinstance(user, User) else None


def may_confirm(user: Viewer, election: Election) -> Verdict:
    """May ``user`` confirm or object to the count of the last round?"""
    scrutineer = scrutineer_of(user, election)
    if not scrutineer:
        return Verdict(_("The scrutineers confirm the count."))
    last = election.last_round
    if election.state != State.VOTING or last is None or last.result is None:
        return Verdict(_("There is no count to confirm."))
    if last.confirmations.filter(scrutineer=scrutineer, objection="").exists():
        return Verdict(_("You have confirmed the count."))
    return YES


def unconfirmed(user: User) -> QuerySet[Election]:
    """Elections whose count waits for this scrutineer."""
    mine = Election.objects.filter(state=State.VOTING, scrutineers__user=user)
    return mine.select_related("consortium")
