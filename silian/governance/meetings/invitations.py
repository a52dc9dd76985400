"""What those invited are sent: a notice, and a mail that their calendar program understands."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.bilingual import both
from silian.kernel.calendars.events import Event
from silian.kernel.calendars.services import mail_event
from silian.kernel.notices.channels import Mail
from silian.kernel.notices.services import notify_beside_mail
from silian.kernel.ui import formats

GUEST_LANGUAGE = "zh-hans"  # of somebody who has no account that says otherwise


def event_of(meeting: Meeting) -> Event:
    """The meeting as calendars know it, in the language that is active."""
    agenda = [f"{number}. {item.title}" for number, item in enumerate(meeting.items.all(), 1)]
    return Event(
        key=f"meeting-{meeting.pk}",
        title=f"{meeting.title} · {meeting.consortium.short_name}",
        start=meeting.starts_at,
        end=meeting.ends_at,
        place=meeting.place or meeting.link,
        text="\n".join([*agenda, *filter(None, [meeting.link])]),
        url=meeting.get_absolute_url(),
        revision=meeting.revision,
        cancelled=meeting.state == Meeting.State.CANCELLED,
    )


def people_of(attendees: Iterable[Attendee]) -> dict[Attendee, list[User]]:
    """Whom to tell: the person who is invited, or whoever acts for the unit that is."""
    rows = list(attendees)
    units = {row.organisation_id for row in rows if row.votes and not row.user_id}
    roles = Role.objects.running().filter(
        kind__in=Role.ACTING, organisation__in=units, user__is_active=True
    )
    acting: dict[int | None, list[User]] = defaultdict(list)
    for role in roles.select_related("user").order_by("pk"):
        acting[role.organisation_id].append(role.user)
    return {
        row: [row.user] if row.user else acting[row.organisation_id] if row.votes else []
        for row in rows
    }


def send(meeting: Meeting, attendees: Iterable[Attendee], message: str, **params: str) -> None:
    """Tell the people of ``attendees`` by notice, and by a mail that carries the meeting.

    ``message`` is a msgid with ``%(meeting)s`` and ``%(when)s`` in it.
    """
    people = people_of(attendees)
    notify_beside_mail(
        [user for users in people.values() for user in users],
        message,
        url=meeting.get_absolute_url(),
        meeting=both(meeting, "title"),
        when=_both_moments(meeting),
        **params,
    )
    facts = {"message": message, "params": params, "revision": meeting.revision}
    to = [(row, user) for row, users in people.items() for user in users if Mail().reaches(user)]
    mails: list[dict[str, Any]] = [
        facts | {"attendee_id": row.pk, "user_id": user.pk} for row, user in to
    ]
    guests = (row for row in people if row.email and not row.user_id)
    mails += [facts | {"attendee_id": row.pk, "user_id": None} for row in guests]
    if mails:
        app.configure_task("silian.governance.meetings.tasks.send_mail").batch_defer(*mails)


def mail(
    attendee: Attendee, user: User | None, message: str, params: dict[str, str], revision: int
) -> None:
    """Mail one of them; a mail that something newer has overtaken is not sent."""
    meeting = attendee.meeting
    if meeting.revision != revision:
        return
    with override(user.language if user else GUEST_LANGUAGE):
        event = event_of(meeting)
        words = {"meeting": meeting.title, "when": formats.moment(meeting.starts_at), **params}
        subject = _(message) % words
        mail_event(
            event,
            name=user.name if user else attendee.name,
            address=user.email if user else attendee.email,
            subject=subject,
            body="\n\n".join(filter(None, _paragraphs(attendee, user, subject, event))),
        )


def _paragraphs(attendee: Attendee, user: User | None, subject: str, event: Event) -> list[str]:
    code = _("Your code at the door: %(code)s") % {"code": attendee.code}
    return [
        subject,
        event.place,
        event.text,
        "" if event.cancelled or not attendee.meeting.meets else code,
        settings.SITE_URL + event.url if user else "",
    ]


def _both_moments(meeting: Meeting) -> dict[str, str]:
    found = {}
    for short, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            found[short] = formats.moment(meeting.starts_at)
    return found
