"""Writing the record."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.chain import digest_of
from silian.kernel.audit.models import Entry, subject_of


def record(obj: models.Model, action: str, *, by: User | None, **detail: Any) -> Entry:
    """Add one entry about ``obj``. ``action`` is an English msgid marked with gettext_noop."""
    entry = Entry(
        at=clock.now(),
        by=by,
        subject=subject_of(obj),
        label=str(obj)[:300],
        action=action,
        detail=_as_kept({k: v for k, v in detail.items() if v not in ("", None)}),
    )
    entry.digest = digest_of(entry)
    entry.save()
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
