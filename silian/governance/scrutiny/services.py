"""An election from its scrutineers and first ballot to the published result, round by round."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from silian.governance.ballots import services as ballots
from silian.governance.ballots.models import Poll, Question
from silian.governance.council.models import Term
from silian.governance.council.policy import Elector, electorate
from silian.governance.council.services import take_office
from silian.governance.elections.models import Election
from silian.governance.elections.services import tell_members
from silian.governance.meetings.models import Item
from silian.governance.roles.policy import secretaries_of
from silian.governance.scrutiny import counting, policy
from silian.governance.scrutiny.counting import Opening
from silian.governance.scrutiny.models import Confirmation, Round, Scrutineer, Standing
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Election.State


# --- scrutineers ------------------------------------------------------------------------


@transaction.atomic
def name_scrutineer(election: Election, user: User, *, by: User) -> Scrutineer:
    """``user`` will watch the count."""
    scrutineer, made = Scrutineer.objects.get_or_create(election=election, user=user)
    if made:
        record(election, gettext_noop("Scrutineer named"), by=by, person=str(user))
        message = gettext_noop("You are a scrutineer of %(election)s.")
        notify([user], message, url=election.get_absolute_url(), election=both(election, "title"))
    return scrutineer


@transaction.atomic
def relieve_scrutineer(scrutineer: Scrutineer, *, by: User, why: str) -> None:
    """Somebody watches no more; what they confirmed of earlier rounds stands."""
    if scrutineer.confirmations.exists():
        raise IllegalMove(_("This scrutineer has answered for the count of a round already."))
    named = str(scrutineer)
    scrutineer.delete()
    record(scrutineer.election, gettext_noop("Scrutineer relieved"), by=by, person=named, why=why)


# --- voting -----------------------------------------------------------------------------


@transaction.atomic
def open_voting(election: Election, *, opens_at: datetime, closes_at: datetime, by: User) -> Round:
    """The first round: the roll is fixed now, and so are paper and hours."""
    move(election, State.VOTING, by=by)
    return _open_round(election, opens_at, closes_at, by)


@transaction.atomic
def run_off(election: Election, *, opens_at: datetime, closes_at: datetime, by: User) -> Round:
    """Another round for the seats that are left, among those whom the last one says."""
    Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    verdict = policy.is_confirmed(policy.last_round(election))
    if not verdict or not counting.goes_on(election):
        raise IllegalMove(verdict.reason or "no further round")
    return _open_round(election, opens_at, closes_at, by)


def _open_round(election: Election, opens_at: datetime, closes_at: datetime, by: User) -> Round:
    number = election.rounds.count() + 1
    openings = [opening for opening in counting.openings(election) if opening.candidates]
    poll = ballots.prepare_poll(
        election.consortium,
        title_zh=f"{election.title_zh}(第{number}轮)",
        title_en=f"{election.title_en or election.title_zh}, round {number}",
        questions=[_question(opening) for opening in openings],
        by=by,
        page=election.get_absolute_url(),
    )
    found = Round.objects.create(election=election, number=number, poll=poll)
    Standing.objects.bulk_create(
        Standing(round=found, candidate=candidate, question=question, option=option)
        for question, opening in enumerate(openings, start=1)
        for option, candidate in enumerate(opening.candidates, start=1)
    )
    ballots.open_poll(
        poll,
        electors=electorate(election.consortium, election.organ),
        proxies=_proxies(election.item),
        opens_at=opens_at,
        closes_at=closes_at,
        by=by,
    )
    tell_members(election, gettext_noop("Voting opens: %(election)s."))
    return found


def _question(opening: Opening) -> ballots.Asked:
    """With more candidates than seats one chooses; otherwise each is voted on."""
    texts = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            texts[key] = opening.race.title
    choose = len(opening.candidates) > opening.seats
    return ballots.Asked(
        texts["zh"],
        texts["en"],
        [(one.label_zh, one.label_en) for one in opening.candidates],
        kind=Question.Kind.CHOOSE if choose else Question.Kind.EACH,
        most=opening.seats,
    )


def _proxies(item: Item | None) -> dict[int, Elector]:
    """By unit: who holds its vote in the meeting under whose agenda the election stands."""
    if item is None:
        return {}
    given = item.meeting.attendees.voting().exclude(proxy=None)
    return {
        attendee.organisation_id: Elector(
            attendee.proxy.organisation, attendee.proxy.name, attendee.proxy.user
        )
        for attendee in given.select_related("proxy__organisation", "proxy__user")
        if attendee.organisation_id and attendee.proxy and attendee.proxy.organisation
    }


def void_open_round(election: Election, *, by: User, why: str) -> None:
    """Destroy the ballots of a round that is being voted on, unread."""
    last = policy.last_round(election)
    if last and last.poll.state == Poll.State.OPEN:
        ballots.void_poll(last.poll, by=by, why=why)


# --- counting ---------------------------------------------------------------------------


def count(poll: Poll) -> None:
    """Work out the result of the round whose board was just published; others are no concern."""
    found = Round.objects.filter(poll=poll).select_related("election__charter", "poll").first()
    if found is None:
        return
    found.result = counting.counted(found)
    found.save(update_fields=["result"])
    elected = [str(one) for one in counting.winners(found.election)]
    record(found.election, gettext_noop("Ballots counted"), by=None, elected=elected)
    people = [one.user for one in found.election.scrutineers.select_related("user")]
    people += secretaries_of(found.election.consortium)
    message = gettext_noop("The ballots are counted; the scrutineers confirm: %(election)s.")
    url = found.election.get_absolute_url()
    notify(people, message, url=url, election=both(found.election, "title"))


@transaction.atomic
def confirm(scrutineer: Scrutineer, *, by: User, objection: str = "") -> None:
    """A scrutineer says that the last count is right, or what is wrong with it.

    When all have confirmed, and no round is to follow, the election is decided.
    """
    election = Election.objects.select_for_update(of=("self",)).get(pk=scrutineer.election_id)
    last = policy.last_round(election)
    if last is None or last.result is None or election.state != State.VOTING:
        raise IllegalMove("nothing to confirm")
    facts = {"objection": objection, "at": clock.now()}
    Confirmation.objects.update_or_create(round=last, scrutineer=scrutineer, defaults=facts)
    if objection:
        record(election, gettext_noop("Objection to the count"), by=by, why=objection)
        message = gettext_noop("A scrutineer objects to the count: %(election)s.")
        url = election.get_absolute_url()
        to = secretaries_of(election.consortium)
        notify(to, message, url=url, election=both(election, "title"))
        return
    record(election, gettext_noop("Count confirmed"), by=by, round=last.number)
    if policy.is_confirmed(last) and not counting.goes_on(election):
        move(election, State.DECIDED, by=by)


@transaction.atomic
def end_without_round(election: Election, *, by: User, why: str) -> None:
    """Hold no further round, though the charter allows one: what is left stays vacant."""
    if not policy.is_confirmed(policy.last_round(election)):
        raise IllegalMove("the count is not confirmed")
    move(election, State.DECIDED, by=by, why=why)


@transaction.atomic
def abandon(election: Election, *, by: User, why: str) -> None:
    """Hold no election after all; an open ballot is void and its urn destroyed unread."""
    void_open_round(election, by=by, why=why)
    move(election, State.ABANDONED, by=by, why=why)
    tell_members(election, gettext_noop("%(election)s is abandoned: %(why)s"), why=why)


# --- publishing -------------------------------------------------------------------------


@transaction.atomic
def publish(election: Election, *, by: User) -> list[Term]:
    """Everybody elected takes office, all in one transaction, and all members are told."""
    today = clock.today()
    move(election, State.PUBLISHED, by=by, published_on=today)
    start = election.office_from or today
    terms = []
    elected = counting.winners(election)
    for race in election.races.all():
        holders = [one for one in elected if one.race_id == race.pk]
        for seat, holder in zip(race.seats.order_by("number"), holders, strict=False):
            term = take_office(
                seat,
                organisation=holder.organisation,
                person=holder.person,
                user=holder.user,
                how=Term.How.ELECTED,
                basis=election.title_zh,
                start=start,
                by=by,
                why=holder.reason,
            )
            terms.append(term)
    tell_members(election, gettext_noop("The result is published: %(election)s."))
    return terms
