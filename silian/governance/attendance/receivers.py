"""What waits for those invited: to answer, and to sign in."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.meetings.policy import invitations_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def invitations_to_answer(user: User) -> Iterable[Todo]:
    """Unanswered ones, and meetings in session where one is expected and not signed in."""
    rows = invitations_of(user).select_related("meeting__consortium", "organisation")
    waiting = rows.filter(meeting__state=Meeting.State.CALLED, reply=Attendee.Reply.NONE)
    expected = rows.filter(meeting__state=Meeting.State.OPEN, signed_in_at=None).exclude(
        reply__in=[Attendee.Reply.DECLINED, Attendee.Reply.PROXY]
    )
    for attendee in waiting:
        meeting = attendee.meeting
        url = reverse("attendance:reply", args=[meeting.consortium, meeting.pk, attendee.pk])
        label = _("Answer the invitation to “%(meeting)s”") % {"meeting": meeting.title}
        yield Todo(label, url, due=meeting.starts_at, place=attendee.unit)
    for attendee in expected:
        meeting = attendee.meeting
        if meeting.meets:
            label = _("Sign in to “%(meeting)s”") % {"meeting": meeting.title}
            yield Todo(label, meeting.get_absolute_url(), due=meeting.ends_at, place=attendee.unit)
