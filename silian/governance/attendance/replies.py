"""Answers to invitations, and proxies. Each takes a lock of the meeting, so that what the charter
limits holds also where two units choose the same holder at the same moment.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.governance.attendance.policy import possible_holders, proxies_each
from silian.governance.meetings.invitations import people_of
from silian.governance.meetings.models import Attendee, Meeting
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove

Reply = Attendee.Reply


@transaction.atomic
def answer(  # noqa: PLR0913  an answer is these few facts
    attendee: Attendee,
    *,
    by: User,
    reply: str,
    name: str = "",
    title: str = "",
    note: str = "",
    proxy: Attendee | None = None,
) -> None:
    """Say whether ``attendee`` comes, who comes for the unit, or who votes in its place.

    Raises ValidationError where ``proxy`` cannot hold one more. Whoever had given this attendee
    a proxy and can no longer count on it is told and asked again.
    """
    row = _locked(attendee)
    before = row.proxy
    if reply == Reply.PROXY:
        _check_holder(row, proxy)
    row.reply, row.proxy = reply, proxy if reply == Reply.PROXY else None
    row.name, row.title, row.reply_note = name or row.name, title or row.title, note
    row.save(update_fields=["reply", "proxy", "name", "title", "reply_note"])
    record(row, gettext_noop("Invitation answered"), by=by, answer=reply, why=note)
    if reply in (Reply.PROXY, Reply.DECLINED):
        for giver in row.proxied.select_related("organisation"):
            _release(giver, by=by)
    if row.proxy != before:
        _tell_holder(before, row, gettext_noop("%(unit)s has withdrawn its proxy: “%(meeting)s”"))
        _tell_holder(row.proxy, row, gettext_noop("You vote for %(unit)s in “%(meeting)s”"))


@transaction.atomic
def hand_back(attendee: Attendee, *, by: User) -> None:
    """The holder of ``attendee``'s proxy does not want it: the unit is told and asked again."""
    _release(_locked(attendee), by=by)


def _locked(attendee: Attendee) -> Attendee:
    """The attendee as it is now, with the meeting locked; answers end when a meeting opens."""
    meeting = Meeting.objects.select_for_update().get(pk=attendee.meeting_id)
    if meeting.state != Meeting.State.CALLED:
        raise IllegalMove(f"{meeting} takes no answers")
    row = Attendee.objects.select_related("organisation", "proxy__organisation")
    found = row.get(pk=attendee.pk)
    found.meeting = meeting
    return found


def _check_holder(giver: Attendee, holder: Attendee | None) -> None:
    if not giver.votes:
        raise ValidationError({"reply": _("Only a vote can be given by proxy.")})
    if not holder:
        raise ValidationError({"proxy": _("Say who votes in your place.")})
    most = proxies_each(giver.meeting)
    if not most:
        raise ValidationError({"reply": _("The charter allows no proxies.")})
    if not possible_holders(giver).filter(pk=holder.pk).exists():
        words = {"unit": holder.unit, "most": most}
        message = _("%(unit)s cannot vote for you: it holds %(most)s already, or is not there.")
        raise ValidationError({"proxy": message % words})


def _release(giver: Attendee, *, by: User) -> None:
    holder = giver.proxy
    giver.proxy, giver.reply = None, Reply.NONE
    giver.save(update_fields=["proxy", "reply"])
    record(giver, gettext_noop("Proxy handed back"), by=by)
    message = gettext_noop("%(unit)s cannot vote for you in “%(meeting)s”: please answer again.")
    if holder:
        _tell(giver, holder, message)


def _tell_holder(holder: Attendee | None, giver: Attendee, message: str) -> None:
    if holder:
        _tell(holder, giver, message)


def _tell(to: Attendee, about: Attendee, message: str) -> None:
    meeting = about.meeting
    words: dict[str, Any] = {"meeting": both(meeting, "title"), "unit": about.unit}
    if about.organisation:
        words["unit"] = both(about.organisation)
    notify(people_of([to])[to], message, url=meeting.get_absolute_url(), **words)
