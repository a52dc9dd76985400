"""Who opens rounds, who confirms a count, and when a result may be published."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.ballots.policy import may_close as may_close_poll
from silian.governance.consortia.models import Consortium
from silian.governance.elections.models import Candidate, Election
from silian.governance.elections.policy import conducts, is_complete, people_of_members
from silian.governance.roles.policy import Viewer, secretaries_of
from silian.governance.scrutiny import counting
from silian.governance.scrutiny.models import Round, Scrutineer
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Election.State


def visible_rounds(user: Viewer, election: Election) -> QuerySet[Round]:
    rows = election.rounds.select_related("poll", "election__charter", "election__consortium")
    return rows.prefetch_related(
        "standings__candidate__race", "standings__candidate__organisation", "confirmations"
    )


def last_round(election: Election) -> Round | None:
    return election.rounds.select_related("poll").last()


def possible_scrutineers(consortium: Consortium) -> QuerySet[User]:
    """People of members with a vote, and of the secretariat."""
    people = people_of_members(consortium) | secretaries_of(consortium)
    return people.order_by("name")


def may_name_scrutineers(user: Viewer, election: Election) -> Verdict:
    states = (State.PREPARED, State.NOMINATING, State.LISTED, State.VOTING)
    return conducts(user, election, *states, reason=_("The count is confirmed."))


def may_open_voting(user: Viewer, election: Election) -> Verdict:
    """May ``user`` open the first round?"""
    verdict = conducts(user, election, State.LISTED, reason=_("The candidates are not listed."))
    if verdict and not election.scrutineers.exists():
        return Verdict(_("Name the scrutineers first."))
    standing = Candidate.objects.filter(race__election=election, state=Candidate.State.ADMITTED)
    both = election.scrutineers.filter(user__in=standing.values("user")).first()
    if verdict and both:
        return Verdict(_("%(person)s stands and cannot be a scrutineer.") % {"person": both})
    return verdict and is_complete(election)


def may_extend(user: Viewer, election: Election) -> Verdict:
    verdict = conducts(user, election, State.VOTING, reason=_("Nobody is voting."))
    last = last_round(election) if verdict else None
    if last and (last.poll.state != last.poll.State.OPEN or last.poll.is_over):
        return Verdict(_("Voting is over."))
    return verdict


def may_count(user: Viewer, election: Election) -> Verdict:
    verdict = conducts(user, election, State.VOTING, reason=_("Nobody is voting."))
    last = last_round(election)
    return may_close_poll(last.poll) if verdict and last else verdict


def may_run_off(user: Viewer, election: Election) -> Verdict:
    """May ``user`` open another round?"""
    verdict = may_end(user, election)
    if verdict and not counting.goes_on(election):
        return Verdict(_("The charter has no further round for this election."))
    return verdict


def may_end(user: Viewer, election: Election) -> Verdict:
    """May ``user`` say that no further round is held, though seats are empty?"""
    verdict = conducts(user, election, State.VOTING, reason=_("Nobody is voting."))
    return verdict and is_confirmed(last_round(election))


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
    return conducts(user, election, State.DECIDED, reason=_("The election is not decided."))


def may_abandon(user: Viewer, election: Election) -> Verdict:
    states = (State.PREPARED, State.NOMINATING, State.LISTED, State.VOTING)
    return conducts(user, election, *states, reason=_("What is decided stands."))


def scrutineer_of(user: Viewer, election: Election) -> Scrutineer | None:
    return election.scrutineers.filter(user=user).first() if isinstance(user, User) else None


def may_confirm(user: Viewer, election: Election) -> Verdict:
    """May ``user`` confirm or object to the count of the last round?"""
    scrutineer = scrutineer_of(user, election)
    if not scrutineer:
        return Verdict(_("The scrutineers confirm the count."))
    last = last_round(election)
    if election.state != State.VOTING or last is None or last.result is None:
        return Verdict(_("There is no count to confirm."))
    if last.confirmations.filter(scrutineer=scrutineer, objection="").exists():
        return Verdict(_("You have confirmed the count."))
    return YES


def unconfirmed(user: User) -> QuerySet[Election]:
    """Elections whose count waits for this scrutineer."""
    mine = Election.objects.filter(state=State.VOTING, scrutineers__user=user)
    return mine.select_related("consortium")
