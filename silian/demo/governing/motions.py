"""The demo's decisions: motions carried and lost, and votes that run now."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from silian.demo.cast.founding import Founded
from silian.demo.cast.invention import Inventor
from silian.demo.governing.meetings import Hall, drafted, guests_of, new_code
from silian.demo.governing.minutes import account, add_minutes, follow_up, unit_of
from silian.engines import tallying
from silian.engines.tallying import Votes
from silian.governance.ballots import services as ballots
from silian.governance.ballots.urn import new_code as ballot_code
from silian.governance.charters.policy import charter_of
from silian.governance.charters.working import as_rule, stored
from silian.governance.council.policy import electorate
from silian.governance.meetings.models import Attendee, Item, Meeting
from silian.governance.meetings.policy import rule_of, votes_present
from silian.governance.members.models import Organisation
from silian.governance.motions import services as motions
from silian.governance.motions.models import Motion, Wording
from silian.governance.roles.models import Role
from silian.governance.votes import policy, secret
from silian.governance.votes import services as votes
from silian.kernel import clock
from silian.kernel.accounts.models import User

FACTS = Path(__file__).parent / "data" / "motions.toml"
AWAITED = ("enterprise", "school", "park", "government")  # accounts that can still vote
State, Way = Motion.State, Motion.Way


def add_motions(body: Founded) -> None:
    slug = body.consortium.slug
    secretary = User.objects.get(username=f"secretary.{slug}")
    hall = Hall(body, Inventor(7 + sum(map(ord, slug))), clock.now(), secretary)
    facts = tomllib.loads(FACTS.read_text()).get(slug, {})
    if "council" in facts:
        hold(hall, facts["council"])
    for one in facts.get("held", []):
        decided_then(hall, one)
    for one in facts.get("session", []):
        decided_now(hall, one)
    for one in facts.get("letters", []):
        by_letter(hall, one)
    for one in facts.get("noted", []):
        follow_up(hall, one, meeting=meeting_named(hall, one["meeting"]))
    add_minutes(hall)


def meeting_named(hall: Hall, words: str) -> Meeting:
    return hall.body.consortium.meetings.get(title_zh__endswith=words)


# --- a council that met some weeks ago ----------------------------------------------------


def hold(hall: Hall, facts: dict[str, Any]) -> None:
    """Most came, one sent a proxy, some were away."""
    starts = hall.at({"in_days": -facts["days_ago"], "hour": facts["hour"]})
    meeting = drafted(
        hall,
        facts | {"in_days": -facts["days_ago"]},
        state=Meeting.State.CLOSED,
        charter=charter_of(hall.body.consortium),
        called_as="secretariat",
        called_at=starts - timedelta(days=14),
        opened_at=starts,
        closed_at=starts + timedelta(hours=2),
    )
    electors = electorate(hall.body.consortium, facts["organ"])
    rows = [
        Attendee(
            meeting=meeting,
            organisation=elector.organisation,
            name=elector.person,
            user=elector.user,
            votes=elector.votes,
            code=new_code(hall),
        )
        for elector in electors
    ]
    rows += guests_of(hall, meeting, facts["guests"])
    away = len(electors) * 85 // 100
    for number, row in enumerate(rows):
        if number < away or not row.votes:
            row.reply, row.channel = Attendee.Reply.COMING, Attendee.Channel.SCAN
            row.signed_in_at = starts - timedelta(minutes=18 - number % 15)
            row.signed_in_by = hall.secretary
    Attendee.objects.bulk_create(rows)
    giver = rows[away]
    giver.reply, giver.proxy = Attendee.Reply.PROXY, rows[0]
    giver.save()


def decided_then(hall: Hall, facts: dict[str, Any]) -> None:
    """A show of hands of that day, with an amendment before it where there was one."""
    meeting = meeting_named(hall, facts["meeting"])
    item = meeting.items.get(title_zh=facts["item"])
    change = facts.get("amendment")
    if change is None:
        motion = Motion.objects.create(**shown_hands(hall, item, facts))
        Wording.objects.create(motion=motion, number=1, **texts(facts))
    else:
        motion = amended_then(hall, item, facts, change)
    if "resolution" in facts:
        follow_up(hall, facts["resolution"], motion=motion)


def amended_then(hall: Hall, item: Item, facts: dict[str, Any], change: dict[str, Any]) -> Motion:
    """The motion with the text that the amendment gave it, and both wordings."""
    after = facts | {key: replaced(facts, change, key) for key in ("text_zh", "text_en")}
    motion = Motion.objects.create(**shown_hands(hall, item, after))
    first = Wording.objects.create(motion=motion, number=1, **texts(facts))
    amending = {"amends": motion, "amends_wording": first}
    amendment = Motion.objects.create(**shown_hands(hall, item, after | change), **amending)
    Wording.objects.create(motion=amendment, number=1, **texts(after))
    Wording.objects.create(motion=motion, number=2, amendment=amendment, **texts(after))
    return motion


def texts(facts: dict[str, Any]) -> dict[str, str]:
    return {key: facts.get(key, "").strip() for key in ("text_zh", "text_en")}


def replaced(facts: dict[str, Any], change: dict[str, Any], key: str) -> str:
    old, new = change.get(key.replace("text", "replace"), ("", ""))
    return str(facts.get(key, "")).replace(old, new) if old else ""


def shown_hands(hall: Hall, item: Item, facts: dict[str, Any]) -> dict[str, Any]:
    """A decided motion's columns, measured by the charter as the close of a vote does it."""
    meeting = item.meeting
    present, entitled = votes_present(meeting)
    votes = hands(facts.get("hands", [present, 0, 0]), present)
    share, majority = as_rule(rule_of(meeting))
    decision = tallying.decide(
        votes, present=present, eligible=entitled, quorum_share=share, majority=majority
    )
    moment = meeting.starts_at + timedelta(minutes=40)
    return moved(hall, item, facts) | {
        "state": State.CARRIED if decision.carried else State.LOST,
        "way": Way.HANDS,
        "charter": meeting.charter,
        "proposed_at": meeting.starts_at - timedelta(days=10),
        "opened_at": moment,
        "decided_at": moment + timedelta(minutes=5),
        "eligible": entitled,
        "present": present,
        "in_favour": votes.favour,
        "against": votes.against,
        "abstaining": votes.abstain,
        "decision": stored(decision) | {"weighed": False},
    }


def hands(told: list[int], present: int) -> Votes:
    """As the facts tell; where fewer came than they count, fewer of them are in favour."""
    favour, against, abstain = told
    return Votes(min(favour, max(present - against - abstain, 0)), against, abstain)


def moved(hall: Hall, item: Item, facts: dict[str, Any]) -> dict[str, Any]:
    """What a motion says, and who moved it."""
    found = {"item": item, "consortium": hall.body.consortium, "organ": item.meeting.organ}
    found |= {key: facts[key] for key in ("title_zh", "title_en") if key in facts}
    if "mover" in facts:
        user = account(hall, facts["mover"])
        found |= {"mover": unit_of(user), "mover_name": user.name}
    return found | texts(facts)


# --- what is decided today ------------------------------------------------------------------


def decided_now(hall: Hall, facts: dict[str, Any]) -> None:
    """A motion in the meeting in session, voted on by the services that people use."""
    meeting = hall.body.consortium.meetings.get(state=Meeting.State.OPEN)
    item = meeting.items.get(title_zh=facts["item"])
    motion = Motion(**moved(hall, item, facts), secret_asked=facts.get("secret", False))
    motions.propose(motion, by=hall.secretary)
    if change := facts.get("amendment"):
        text = {"text_zh": replaced(facts, change, "text_zh").strip()}
        amendment = Motion(**moved(hall, item, facts | change | text))
        motions.amend(motion, amendment, by=hall.secretary)
        vote_on(hall, amendment, against=change["against"])
        motion.refresh_from_db()
    vote_on(hall, motion, against=facts.get("against", 0), running=facts.get("running", False))


def vote_on(hall: Hall, motion: Motion, *, against: int, running: bool = False) -> None:
    """The last ``against`` are against; while it is ``running`` the demo's accounts are awaited."""
    soon = clock.now() + timedelta(minutes=30)
    votes.put_to_vote(motion, by=hall.secretary, closes_at=soon)
    if motion.poll:
        paper_votes(motion, against)
        secret.end_poll(motion.poll, by=hall.secretary)
        return
    rights = policy.rights_for(motion)
    if running:
        rights = answering(hall, rights, 0.9)
    for number, right in enumerate(rights):
        choice = "against" if number >= len(rights) - against else "for"
        votes.cast(motion, right, choice, by=voter(hall, right.organisation))
    if not running:
        votes.close_vote(motion, by=hall.secretary)


def paper_votes(motion: Motion, against: int) -> None:
    poll = motion.poll
    assert poll
    voters = list(poll.voters.select_related("user", "proxy_user"))
    for number, row in enumerate(voters):
        choice = "against" if number < against else "for"
        user = row.user or row.proxy_user
        if user:
            codes = [ballot_code() for _ in range(row.votes)]
            ballots.cast(poll, row, choices={1: {1: choice}}, codes=codes, by=user)


def voter(hall: Hall, unit: Organisation) -> User:
    role = Role.objects.running().filter(organisation=unit, kind="manager").first()
    return role.user if role else hall.secretary


def by_letter(hall: Hall, facts: dict[str, Any]) -> None:
    """A share has answered; the demo's own accounts are among those who have not."""
    named = {key: facts[key] for key in ("organ", "matter", "title_zh", "title_en") if key in facts}
    motion = Motion(consortium=hall.body.consortium, **named, **texts(facts))
    motions.propose(motion, by=hall.secretary)
    until = clock.now() + timedelta(days=facts["days"])
    votes.put_to_vote(motion, by=hall.secretary, closes_at=until)
    for right in answering(hall, policy.rights_for(motion), facts["answered"]):
        choice = hall.inventor.random.choices(["for", "against", "abstain"], [12, 1, 1])[0]
        votes.cast(motion, right, choice, by=right.user or voter(hall, right.organisation))
    if facts["answered"] == 1 or facts.get("over"):
        votes.close_vote(motion, by=None)


def answering(hall: Hall, rights: list[policy.Right], share: float) -> list[policy.Right]:
    """So large a share of ``rights``, without those of the demo's own accounts."""
    if share == 1:
        return rights
    names = [f"{word}.{hall.body.consortium.slug}" for word in AWAITED]
    roles = Role.objects.filter(user__username__in=names, organisation__isnull=False)
    awaited = set(roles.values_list("organisation", flat=True))
    others = [right for right in rights if right.organisation.pk not in awaited]
    return others[: round(share * len(rights))]
