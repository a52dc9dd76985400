"""Rounds are counted when their boards are published, and what waits for whom from voting on."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from silian.governance.ballots.services import on_closing
from silian.governance.elections.models import Election
from silian.governance.minutes import drafting
from silian.governance.roles.policy import secretariats_of
from silian.governance.scrutiny import policy, services, words
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo

State = Election.State

on_closing(services.count)
drafting.section(words.in_minutes)


@todos.source
def elections_to_conduct(user: User) -> Iterable[Todo]:
    """What the secretariat has to do next in each election from the list of candidates on."""
    mine = Election.objects.filter(consortium__in=secretariats_of(user))
    running = mine.filter(state__in=[State.LISTED, State.VOTING, State.DECIDED])
    for election in running.select_related("consortium", "charter"):
        label = _next_step(user, election)
        if label:
            names, place = {"election": election.title}, election.consortium.name
            yield Todo(label % names, election.get_absolute_url(), place=place)


def _next_step(user: User, election: Election) -> str:
    """In words, or nothing where others are at work."""
    match election.state:
        case State.LISTED if policy.may_open_voting(user, election):
            return _("Open voting: %(election)s")
        case State.VOTING if policy.may_count(user, election):
            return _("Count the ballots: %(election)s")
        case State.VOTING if policy.may_run_off(user, election):
            return _("Open another round: %(election)s")
        case State.DECIDED:
            return _("Publish the result: %(election)s")
    return ""


@todos.source
def counts_to_confirm(user: User) -> Iterable[Todo]:
    for election in policy.unconfirmed(user):
        if policy.may_confirm(user, election):
            label = _("Confirm the count: %(election)s") % {"election": election.title}
            place = election.consortium.name
            yield Todo(label, election.get_absolute_url(), place=place)
