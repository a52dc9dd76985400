"""The chain over the record: what an entry's digest covers, and whether every link holds."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC

from django.utils.translation import gettext_noop

from silian.kernel.audit.models import Entry, Link

START = "0" * 64
BATCH = 2_000
LOWEST = -(2**63)  # also a link hidden before the first is met


def digest_of(entry: Entry) -> str:
    """SHA-256 of what an entry says, in one canonical text."""
    content = [
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.by_id,
        entry.subject,
        entry.label,
        entry.action,
        entry.detail,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def hash_of(previous: str, digest: str) -> str:
    """What the trigger computes, computed here once more."""
    return hashlib.sha256((previous + digest).encode()).hexdigest()


@dataclass(frozen=True)
class Finding:
    """What came of checking the chain: sound, or broken at ``entry`` for the reason ``fault``."""

    checked: int  # links that hold
    head: str  # hash of the last of them
    fault: str = ""  # an English msgid
    entry: int | None = None

    @property
    def sound(self) -> bool:
        return not self.fault


def verify(expect: str = "", report: Callable[[int, int], None] | None = None) -> Finding:
    """Check every link and entry from the first to what is the head when this begins.

    ``expect`` is a head that was published or kept elsewhere earlier: where it is gone from the
    chain, the tail was cut off or everything was written anew.
    """
    last = Link.objects.order_by("-position").values_list("position", flat=True).first() or 0
    checked, head, met = 0, START, expect in ("", START)
    for link, entry in _links(last):
        fault = _fault(link, entry, checked, head)
        if fault:
            return Finding(checked, head, fault, link.entry_id)
        checked, head, met = link.position, link.hash, met or link.hash == expect
        if report:
            report(checked, last)
    return _beyond_links(Finding(checked, head), met)


def _beyond_links(finding: Finding, met: bool) -> Finding:
    """What cannot be seen by walking: entries outside the chain, and a head that is gone."""
    loose = Entry.objects.filter(link=None).order_by("pk").values_list("pk", flat=True).first()
    if loose:
        fault = gettext_noop("An entry has no place in the chain.")
        return Finding(finding.checked, finding.head, fault, loose)
    if not met:
        fault = gettext_noop("The expected head is not in the chain.")
        return Finding(finding.checked, finding.head, fault)
    return finding


def _fault(link: Link, entry: Entry | None, position: int, head: str) -> str:
    if link.position != position + 1:
        return gettext_noop("A link before this entry is missing.")
    if entry is None:
        return gettext_noop("The entry was removed.")
    if digest_of(entry) != entry.digest:
        return gettext_noop("The entry was changed.")
    if link.previous != head or link.hash != hash_of(head, entry.digest):
        return gettext_noop("The entry does not fit into the chain.")
    return ""


def _links(last: int) -> Iterator[tuple[Link, Entry | None]]:
    """Each link up to ``last`` with its entry, in batches, so that memory stays small."""
    position = LOWEST
    while links := list(Link.objects.filter(position__gt=position, position__lte=last)[:BATCH]):
        entries = Entry.objects.in_bulk([link.entry_id for link in links])
        for link in links:
            yield link, entries.get(link.entry_id)
        position = links[-1].position
