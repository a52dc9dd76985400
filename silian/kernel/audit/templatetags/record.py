"""The record on an object's page. A builtin of every template, see settings."""

from typing import Any

from django import template
from django.db import models
from django.utils.translation import gettext

from silian.kernel.audit.models import Entry
from silian.kernel.audit.services import subject_of

register = template.Library()
AT_ONCE = 6  # what stands open; the rest unfolds
LIMIT = 200


@register.inclusion_tag("audit/timeline.html")
def timeline(obj: models.Model) -> dict[str, Any]:
    """The entries about ``obj``, newest first."""
    newest = Entry.objects.filter(subject=subject_of(obj)).select_related("by").order_by("-pk")
    entries = [told(entry, obj) for entry in newest[:LIMIT]]
    return {"recent": entries[:AT_ONCE], "older": entries[AT_ONCE:]}


def told(entry: Entry, obj: models.Model) -> dict[str, Any]:
    """One entry in the reader's language; states by the names that ``obj`` gives them."""
    detail = entry.detail
    return {
        "at": entry.at,
        "by": entry.by,
        "action": gettext(entry.action),
        "was": _state(obj, detail.get("was")),
        "to": _state(obj, detail.get("to")),
        "why": detail.get("why", ""),
    }


def _state(obj: Any, value: Any) -> str:
    labels = dict(getattr(getattr(obj, "State", None), "choices", ()))
    return str(labels.get(value, value or ""))
