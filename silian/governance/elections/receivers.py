"""What waits for units and secretariats until voting begins, and how elections are found."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.elections import policy
from silian.governance.elections.models import Candidate, Election
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

State = Election.State

search.index(
    Election,
    visible=policy.visible_elections,
    name=gettext_lazy("Elections"),
    text=lambda election: (
        [
            name
            for race in election.races.all()
            for candidate in race.candidates.filter(state=Candidate.State.ADMITTED)
            for name in (candidate.person, candidate.organisation.name_zh)
        ]
        if election.state in Election.LISTING
        else []
    ),
)


@todos.source
def candidatures_to_answer(user: User) -> Iterable[Todo]:
    """Somebody of this unit is nominated, and the unit has not said whether it agrees."""
    waiting = Candidate.objects.filter(
        state=Candidate.State.NOMINATED,
        organisation__in=organisations_of(user),
        race__election__state=State.NOMINATING,
    )
    for candidate in waiting.select_related("race__election__consortium"):
        election = candidate.race.election
        url = reverse("elections:candidate_detail", args=[election.consortium, candidate.pk])
        label = _("Say whether %(person)s stands for election") % {"person": candidate.person}
        yield Todo(label, url, due=election.nominations_until, place=election.consortium.name)


@todos.source
def candidates_to_review(user: User) -> Iterable[Todo]:
    """The secretariat reviews who wants to stand, and then publishes the list."""
    mine = Election.objects.filter(consortium__in=secretariats_of(user), state=State.NOMINATING)
    for election in mine.select_related("consortium", "charter"):
        label = _to_review(user, election)
        if label:
            words, place = {"election": election.title}, election.consortium.name
            yield Todo(label % words, election.get_absolute_url(), place=place)


def _to_review(user: User, election: Election) -> str:
    waiting = Candidate.objects.filter(race__election=election, state=Candidate.State.ACCEPTED)
    if waiting.exists():
        return _("Review candidates: %(election)s")
    return _("Publish the candidates: %(election)s") if policy.may_list(user, election) else ""


@todos.source
def nominations_to_make(user: User) -> Iterable[Todo]:
    """Nominations are open, and the unit has nominated nobody yet."""
    units = organisations_of(user)
    if not units:
        return
    running = Election.objects.filter(
        state=State.NOMINATING,
        nominations_until__gt=clock.now(),
        consortium__memberships__organisation__in=units,
        consortium__memberships__state="admitted",
    ).exclude(races__candidates__nominated_by__in=units)
    for election in running.select_related("consortium").distinct():
        url = reverse("elections:nominate", args=[election.consortium, election.pk])
        label = _("Nominate for “%(election)s”") % {"election": election.title}
        yield Todo(label, url, due=election.nominations_until, place=election.consortium.name)
