"""Writing the record, and writing down what a check of it found."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_noop

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.chain import Finding, digest_of, verify
from silian.kernel.audit.models import Entry, Link, subject_of

STATE_CHANGED = gettext_noop("State changed")  # what kernel.states writes
SOUND, BROKEN = gettext_noop("Record found sound"), gettext_noop("Record found broken")


def record(obj: models.Model, action: str, *, by: User | None, **detail: Any) -> Entry:
    """Add one entry about ``obj``. ``action`` is an English msgid marked with gettext_noop."""
    entry = _entry(obj, action, by, detail)
    entry.save()
    return entry


def record_each(
    objs: Iterable[models.Model], action: str, *, by: User | None, **detail: Any
) -> None:
    """The same entry about each of many things that were done at once."""
    entries = [_entry(obj, action, by, detail) for obj in objs]
    Entry.objects.bulk_create(entries, batch_size=500)


def _entry(obj: models.Model, action: str, by: User | None, detail: dict[str, Any]) -> Entry:
    entry = Entry(
        at=clock.now(),
        by=by,
        subject=subject_of(obj),
        label=str(obj)[:300],
        action=action,
        detail=_as_kept({k: v for k, v in detail.items() if v not in ("", None)}),
    )
    entry.digest = digest_of(entry)
    return entry


def _as_kept(detail: dict[str, Any]) -> Any:
    """As PostgreSQL will give it back, so that the digest can be computed again from what it keeps.

    It keeps numbers as decimals: 1e16 comes back as a whole number.
    """
    text = json.dumps(detail, cls=DjangoJSONEncoder, allow_nan=False)
    return json.loads(text, parse_float=_number)


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


def check_record(
    *, by: User | None, expect: str = "", report: Callable[[int, int], None] | None = None
) -> Finding:
    """Verify the whole record and write into it what was found, so that every check is known."""
    finding = verify(expect, report)
    head = Link(position=finding.checked, hash=finding.head)
    facts = {k: v for k, v in asdict(finding).items() if v}
    record(head, SOUND if finding.sound else BROKEN, by=by, **facts, expect=expect)
    return finding


def last_check() -> Entry | None:
    """What the latest check found."""
    checks = Entry.objects.filter(action__in=[SOUND, BROKEN]).select_related("by")
    return checks.order_by("-pk").first()
