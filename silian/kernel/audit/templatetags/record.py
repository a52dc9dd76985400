"""The record on an object's page. A builtin of every template, see settings."""

from typing import Any

from django import template
from django.db import models

from silian.kernel.audit.models import Entry

register = template.Library()
AT_ONCE = 6  # what stands open; the rest unfolds
LIMIT = 200


@register.inclusion_tag("audit/timeline.html")
def timeline(obj: models.Model) -> dict[str, Any]:
    """The entries about ``obj``, newest first."""
    entries = list(Entry.objects.about(obj)[:LIMIT])
    return {"recent": entries[:AT_ONCE], "older": entries[AT_ONCE:]}
