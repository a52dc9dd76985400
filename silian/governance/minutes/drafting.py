"""The minutes of a meeting as Markdown, written from what happened.

What stands above agenda items adds to the draft from its ``receivers.py``::

    @section
    def elections(item: Item) -> str: ...
"""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from silian.engines.tallying import quorum
from silian.governance.charters.working import quorum_in_words
from silian.governance.meetings import policy as meetings
from silian.governance.meetings.models import Attendee, Item, Meeting
from silian.governance.resolutions.models import Resolution
from silian.kernel.ui.formats import day, moment

Section = Callable[[Item], str]
sections: list[Section] = []
LOCALES = {"zh": "zh-hans", "en": "en"}


def section(function: Section) -> Section:
    """Have what ``function`` says of an item, in Markdown, stand below its note in the draft."""
    sections.append(function)
    return function


def draft(meeting: Meeting, language: str) -> str:
    """Everything that is known of ``meeting``, in ``language`` ("zh" or "en")."""
    with override(LOCALES[language]):
        parts = [
            "\n".join(_head(meeting)),
            "\n\n".join([_("## Attendance"), *_attendance(meeting)]),
            *(_item(number, item) for number, item in enumerate(meeting.items.all(), start=1)),
            _resolutions(meeting.resolutions.select_related("owner").order_by("year", "serial")),
        ]
        if meeting.closed_at:
            closed = _("The meeting was closed at %(moment)s.")
            parts.append(closed % {"moment": moment(meeting.closed_at)})
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(meeting: Meeting) -> Iterator[str]:
    """When, where, who chaired, and how it was called."""
    yield _fact(_("Organ"), meeting.convener)
    yield _fact(_("Time"), moment(meeting.opened_at or meeting.starts_at))
    yield _fact(_("Place"), meeting.place or meeting.get_form_display())
    if meeting.chaired_by:
        yield _fact(_("Chaired by"), meeting.chaired_by)
    if meeting.called_at:
        yield _fact(_("Called"), moment(meeting.called_at))
    if meeting.short_notice_why:
        yield _fact(_("Why at shorter notice"), meeting.short_notice_why)


def _fact(label: str, value: str) -> str:
    return "- " + _("**%(label)s**: %(value)s") % {"label": label, "value": value}


def _attendance(meeting: Meeting) -> Iterator[str]:
    """Who was there, in person or by proxy, who was not, and whether that was a quorum."""
    joined = meeting.attendees.select_related("organisation", "proxy__organisation")
    voting = list(joined.voting().order_by("organisation__name_zh", "pk"))
    here = [row for row in voting if row.signed_in_at]
    by_proxy = [row for row in voting if not row.signed_in_at and _came(row.proxy)]
    absent = [row for row in voting if not row.signed_in_at and not _came(row.proxy)]
    present = sum(row.votes for row in [*here, *by_proxy])
    entitled = sum(row.votes for row in voting)
    share = meetings.rule_of(meeting).quorum
    yield quorum_in_words(quorum(present, entitled, share), weighed=present > len(here + by_proxy))
    yield _list(_("Present"), map(_named, here))
    yield _list(_("By proxy"), (beside(row.unit, str(row.proxy)) for row in by_proxy))
    yield _list(_("Absent"), (row.unit for row in absent))
    guests = joined.filter(Q(votes=0), signed_in_at__isnull=False).count()
    if guests:
        said = ngettext("%(n)s guest was present.", "%(n)s guests were present.", guests)
        yield said % {"n": guests}


def _came(proxy: Attendee | None) -> bool:
    return proxy is not None and proxy.signed_in_at is not None


def _named(row: Attendee) -> str:
    return beside(row.unit, row.name) if row.name and row.name != row.unit else row.unit


def beside(text: str, more: str) -> str:
    """``text`` with ``more`` in the brackets of the language."""
    return _("%(text)s (%(more)s)") % {"text": text, "more": more}


def _list(label: str, names: Iterable[str]) -> str:
    found = list(names)
    facts = {"label": label, "n": len(found), "names": "、".join(found) or "—"}
    return _("**%(label)s** (%(n)s): %(names)s") % facts


def _item(number: int, item: Item) -> str:
    """One item with what was noted and what the apps above have to say of it."""
    said = [f"## {number}. {item.title}"]
    if item.speaker:
        said.append(_("Speaker: %(name)s") % {"name": item.speaker})
    said += [item.note.strip(), *(add(item).strip() for add in sections)]
    return "\n\n".join(part for part in said if part)


def _resolutions(rows: Iterable[Resolution]) -> str:
    lines = [_resolution(row) for row in rows]
    return "\n\n".join([_("## Resolutions"), "\n".join(lines)]) if lines else ""


def _resolution(row: Resolution) -> str:
    text = f"- **{row.number}** {row.title}"
    if row.owner and row.due_on:
        charge = _("carried out by %(unit)s, due on %(day)s")
        unit = f"{row.owner.name} {row.person}".strip()
        return beside(text, charge % {"unit": unit, "day": day(row.due_on)})
    return text
