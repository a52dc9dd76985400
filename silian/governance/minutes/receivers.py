"""What the minutes say of motions, what waits for people, and how minutes are found."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.charters.working import decision_in_words, restored, votes_in_words
from silian.governance.meetings.models import Item
from silian.governance.minutes import policy, services
from silian.governance.minutes.models import Minutes, Objection
from silian.governance.motions.amending import pair
from silian.governance.motions.models import Motion
from silian.governance.roles.policy import secretariats_of
from silian.governance.votes.models import Vote
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

State = Minutes.State

search.index(
    Minutes,
    visible=policy.visible_minutes,
    text=lambda minutes: [minutes.versions.latest("number").text],
    name=gettext_lazy("Minutes"),
)


@services.section
def motions(item: Item) -> str:
    """Each motion after its amendments, with its text, who voted how, and the working."""
    rows = item.motions.select_related("mover", "seconder", "amends_wording")
    ordered = sorted(rows, key=lambda row: (row.amends_id or row.pk, not row.amends_id, row.pk))
    return "\n\n".join(part for motion in ordered for part in _motion(motion))


def _motion(motion: Motion) -> Iterator[str]:
    kind = _("Amendment: %(title)s") if motion.amends_id else _("Motion: %(title)s")
    yield f"### {kind % {'title': motion.title}}"
    if motion.mover or motion.mover_name:
        unit = motion.mover.name if motion.mover else ""
        yield _("Moved by %(name)s.") % {"name": f"{unit} {motion.mover_name}".strip()}
    if motion.seconder:
        yield _("Seconded by %(name)s.") % {"name": motion.seconder.name}
    yield "\n".join(f"> {line}".rstrip() for line in _lines(motion))
    yield from _outcome(motion)
    yield "\n".join(_by_name(motion))


def _lines(motion: Motion) -> list[str]:
    """The text as it was voted on; of an amendment what it changes."""
    base = motion.amends_wording
    if base is None:
        return motion.text.strip().splitlines()
    old, new = pair(base, motion)
    return [line for line in new.strip().splitlines() if line not in old.splitlines()]


def _outcome(motion: Motion) -> Iterator[str]:
    """What became of it, with the working where it was voted on."""
    if not motion.decision:
        yield f"**{motion.get_state_display()}**"
        return
    decision = restored(motion.decision)
    yield f"**{motion.get_state_display()}** · {motion.get_way_display()}"
    words = decision_in_words(decision, weighed=motion.decision["weighed"])
    facts = {"votes": votes_in_words(decision.votes), "words": words}
    yield _("%(votes)s. %(words)s.") % facts


def _by_name(motion: Motion) -> Iterator[str]:
    """How each unit voted, where that was open."""
    votes = list(motion.votes.select_related("organisation").exclude(choice=""))
    for choice in Vote.Choice:
        names = [vote.organisation.name for vote in votes if vote.choice == choice]
        if names:
            facts = {"label": choice.label, "value": "、".join(names)}
            yield "- " + _("**%(label)s**: %(value)s") % facts


@todos.source
def minutes_to_approve(user: User) -> Iterable[Todo]:
    """Whoever was named to approve minutes."""
    for minutes in policy.waiting_of(user).select_related("consortium", "meeting"):
        label = _("Approve the minutes: %(meeting)s") % {"meeting": minutes.meeting.title}
        yield Todo(label, minutes.get_absolute_url(), place=minutes.consortium.name)


@todos.source
def minutes_to_write(user: User) -> Iterable[Todo]:
    """The secretariat: closed meetings without minutes."""
    for meeting in policy.unwritten(user).select_related("consortium"):
        label = _("Draft the minutes: %(meeting)s") % {"meeting": meeting.title}
        url = reverse("minutes:of_meeting", args=[meeting.consortium, meeting.pk])
        yield Todo(label, url, place=meeting.consortium.name)


@todos.source
def objections_to_answer(user: User) -> Iterable[Todo]:
    """The secretariat: what attendees hold against circulated minutes."""
    waiting = Objection.objects.filter(
        answer="", version__minutes__consortium__in=secretariats_of(user)
    )
    for objection in waiting.select_related("version__minutes__meeting__consortium"):
        minutes = objection.version.minutes
        label = _("Answer an objection: %(meeting)s") % {"meeting": minutes.meeting.title}
        yield Todo(label, minutes.get_absolute_url(), place=minutes.meeting.consortium.name)


@todos.source
def minutes_to_seal(user: User) -> Iterable[Todo]:
    """The secretariat: approved minutes, once nobody can object any more."""
    approved = Minutes.objects.filter(
        state=State.APPROVED, consortium__in=secretariats_of(user)
    ).select_related("consortium", "meeting")
    for minutes in approved:
        label = _("Seal the minutes: %(meeting)s") % {"meeting": minutes.meeting.title}
        day = minutes.objections_until
        due = make_aware(datetime.combine(day, time.max)) if day else None
        yield Todo(label, minutes.get_absolute_url(), due=due, place=minutes.consortium.name)
