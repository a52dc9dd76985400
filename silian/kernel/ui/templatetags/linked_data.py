"""``{% load linked_data %}{% json_ld object.json_ld %}``: what a search engine reads of a page."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(facts: dict[str, Any]) -> SafeString:
    """``facts`` as JSON-LD; nothing in them can end the script element."""
    text = json.dumps(facts, ensure_ascii=False).translate(ESCAPES)
    safe = mark_safe(text)  # noqa: S308  escaped in the line above
    return format_html('<script type="application/ld+json">{}</script>', safe)
