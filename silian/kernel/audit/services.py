"""Writing the record and checking it."""

import hashlib
import json
from datetime import UTC
from typing import Any

from django.db import models

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.models import Entry


def record(obj: models.Model, action: str, *, by: User | None, **detail: Any) -> Entry:
    """Add one entry about ``obj``. ``action`` is an English msgid marked with gettext_noop."""
    entry = Entry(
        at=clock.now(),
        by=by,
        subject=subject_of(obj),
        label=str(obj)[:300],
        action=action,
        detail={key: value for key, value in detail.items() if value not in ("", None)},
    )
    entry.digest = digest_of(entry)
    entry.save()
    return entry


def subject_of(obj: models.Model) -> str:
    return f"{obj._meta.label}:{obj.pk}"


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
