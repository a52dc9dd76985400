"""The demo's resolutions with what became of them, and minutes at every stage."""

from datetime import timedelta
from typing import Any

from silian.demo.governing.meetings import Hall
from silian.governance.meetings.models import Meeting
from silian.governance.members.models import Organisation
from silian.governance.minutes import services as minutes
from silian.governance.minutes.models import Approver, Minutes
from silian.governance.motions.models import Motion
from silian.governance.resolutions import services as resolutions
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.states import move

SEALED = ("mingshui", "wenzhou-bay", "chongqing-bio")  # whose founding minutes are sealed


def account(hall: Hall, word: str) -> User:
    return User.objects.get(username=f"{word}.{hall.body.consortium.slug}")


def unit_of(user: User) -> Organisation:
    return Organisation.objects.filter(roles__user=user).order_by("pk")[0]


def add_minutes(hall: Hall) -> None:
    if hall.body.consortium.slug in SEALED:
        seal_founding(hall)
    circulate_latest(hall)


def follow_up(
    hall: Hall,
    facts: dict[str, Any],
    *,
    motion: Motion | None = None,
    meeting: Meeting | None = None,
) -> None:
    """Enter what was decided, with its owner, its reports and what became of it."""
    said: dict[str, Any] = resolutions.facts_of(motion) if motion else {"meeting": meeting}
    if meeting:
        said |= {key: facts[key] for key in ("title_zh", "title_en", "text_zh") if key in facts}
        said["decided_on"] = meeting.starts_at.date()
    owner = account(hall, facts["owner"]) if "owner" in facts else None
    if owner:
        due = clock.today() + timedelta(days=facts["due"])
        said |= {"owner": unit_of(owner), "person": owner.name, "due_on": due}
    entered = resolutions.enter_resolution(
        hall.body.consortium, by=hall.secretary, motion=motion, **said
    )
    state = facts.get("state", "open")
    for text in facts.get("reports", []):
        done = state in ("reported", "done")
        resolutions.report(entered, text, by=owner or hall.secretary, done=done)
    if state == "done":
        resolutions.confirm(entered, by=hall.secretary)
    elif state == "dropped":
        resolutions.drop(entered, by=hall.secretary, why=facts["why"])


def seal_founding(hall: Hall) -> None:
    """The minutes of the first meeting, approved in the weeks after it."""
    meeting = hall.body.consortium.meetings.order_by("starts_at")[0]
    found = minutes.draft_minutes(meeting, by=hall.secretary)
    day = meeting.starts_at.date() + timedelta(days=20)
    chair = account(hall, "park")
    version = found.versions.get()
    Approver.objects.create(
        minutes=found, user=chair, version=version, approved_at=meeting.starts_at
    )
    facts: dict[str, Any] = {"objections_until": day, "approved_on": day}
    for state in (Minutes.State.CIRCULATED, Minutes.State.APPROVED):
        move(found, state, by=hall.secretary, **facts)
    minutes.seal(found, by=hall.secretary)


def circulate_latest(hall: Hall) -> None:
    """The last meeting's minutes are being read in mingshui, drafted in chongqing."""
    slug = hall.body.consortium.slug
    if slug not in ("mingshui", "chongqing-bio"):
        return
    meeting = hall.body.consortium.meetings.filter(state=Meeting.State.CLOSED)[0]
    found = minutes.draft_minutes(meeting, by=hall.secretary)
    if slug == "mingshui":
        until = clock.today() + timedelta(days=4)
        people = [account(hall, "park"), account(hall, "school")]
        minutes.circulate(found, by=hall.secretary, objections_until=until, approvers=people)
        text = "奖学金一项，建议写明每年评选的时间。"
        minutes.object_to(found, text, by=account(hall, "enterprise"))
