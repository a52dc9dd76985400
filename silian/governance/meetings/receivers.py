"""What waits for the secretariat, how meetings are found, and when they are."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.charters.models import Charter
from silian.governance.charters.policy import charter_of
from silian.governance.meetings import policy
from silian.governance.meetings.invitations import event_of
from silian.governance.meetings.models import Meeting
from silian.governance.roles.policy import secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

KEPT = timedelta(days=365)  # how long a meeting stays in its people's calendars

search.index(
    Meeting,
    visible=policy.visible_meetings,
    name=gettext_lazy("Meetings"),
    text=lambda meeting: [meeting.place_zh, meeting.place_en],
)


@todos.source
def meetings_to_conduct(user: User) -> Iterable[Todo]:
    """To call in time, to bring up to date, to open, to close."""
    mine = Meeting.objects.filter(consortium__in=secretariats_of(user))
    waiting = mine.filter(state=Meeting.State.DRAFT) | mine.coming()
    charters: dict[int, Charter | None] = {}
    for meeting in waiting.select_related("consortium", "charter", "body"):
        if meeting.consortium_id not in charters:
            charters[meeting.consortium_id] = charter_of(meeting.consortium)
        label, due = _next_step(meeting, charters[meeting.consortium_id])
        if label:
            url, place = meeting.get_absolute_url(), meeting.consortium.name
            yield Todo(label % {"meeting": meeting.title}, url, due=due, place=place)


def _next_step(meeting: Meeting, charter: Charter | None) -> tuple[str, datetime | None]:
    if meeting.state == Meeting.State.DRAFT:
        days = charter.notice_days if charter and meeting.organ else 0
        return _("Call “%(meeting)s”"), meeting.starts_at - timedelta(days=days)
    if meeting.state == Meeting.State.OPEN:
        return _("Close “%(meeting)s”"), meeting.ends_at
    if meeting.starts_at - clock.now() < timedelta(hours=policy.MAY_OPEN):
        return _("Open “%(meeting)s”"), meeting.starts_at
    if meeting.unsent:
        return _("Send the changed agenda of “%(meeting)s”"), meeting.starts_at
    return "", None


@calendars.source
def meetings_of(user: User) -> Iterable[Event]:
    """Those one is invited to, and those of one's secretariat, once they are called."""
    mine = Q(pk__in=policy.invitations_of(user).values("meeting"))
    mine |= Q(consortium__in=secretariats_of(user))
    recent = Q(starts_at__gte=clock.now() - KEPT, called_at__isnull=False)
    rows = Meeting.objects.filter(mine, recent).select_related("consortium")
    return map(event_of, rows.prefetch_related("items"))
