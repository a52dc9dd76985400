"""The agenda and its papers: put together before the call, gone through in the meeting."""

from collections.abc import Iterable, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop

from silian.governance.meetings.models import Item, Meeting
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files.models import StoredFile
from silian.kernel.files.services import DOCUMENTS, store


@transaction.atomic
def save_item(item: Item, *, by: User, papers: Iterable["UploadedFile[bytes]"] = ()) -> Item:
    """Keep a new item, at the end, or a changed one, and the papers that are added to it."""
    if not item.pk:
        last = item.meeting.items.aggregate(last=Max("order"))["last"]
        item.order = (last or 0) + 1
    item.save()
    item.papers.add(*(store(paper, by=by, kinds=DOCUMENTS) for paper in papers))
    _agenda_changed(item.meeting, by=by, item=item.title_zh)
    return item


@transaction.atomic
def remove_item(item: Item, *, by: User) -> None:
    meeting, title = item.meeting, item.title_zh
    item.delete()
    _agenda_changed(meeting, by=by, removed=title)


@transaction.atomic
def remove_paper(item: Item, paper: StoredFile, *, by: User) -> None:
    item.papers.remove(paper)
    _agenda_changed(item.meeting, by=by, removed=paper.name)


@transaction.atomic
def reorder(meeting: Meeting, keys: Sequence[int], *, by: User) -> None:
    """Put the items in the order of ``keys``; what is not among them comes last."""
    places = {key: place for place, key in enumerate(keys)}
    items = sorted(meeting.items.all(), key=lambda item: places.get(item.pk, len(places)))
    for order, item in enumerate(items, start=1):
        item.order = order
    Item.objects.bulk_update(items, ["order"])
    _agenda_changed(meeting, by=by)


@transaction.atomic
def take_up(item: Item, *, by: User) -> None:
    """Make it the item that the meeting deals with, as the screen shows."""
    Meeting.objects.filter(pk=item.meeting_id, state=Meeting.State.OPEN).update(current_item=item)
    record(item, gettext_noop("Item taken up"), by=by)


@transaction.atomic
def note(item: Item, text: str, *, by: User) -> None:
    """Write down what happened, for the minutes."""
    item.note = text
    item.save(update_fields=["note"])
    record(item, gettext_noop("What happened was noted"), by=by)


def _agenda_changed(meeting: Meeting, *, by: User, **detail: str) -> None:
    if meeting.state == Meeting.State.CALLED:
        meeting.unsent = True
        meeting.save(update_fields=["unsent"])
    record(meeting, gettext_noop("Agenda changed"), by=by, **detail)
