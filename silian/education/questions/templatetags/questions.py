"""Texts of an item's content, which stand in JSON in two languages."""

from typing import Any

from django import template

from silian.education.questions.building import worded

register = template.Library()
register.filter("worded", worded)


@register.filter
def places(count: Any) -> range:
    """1 to ``count``: the places to fill in."""
    return range(1, int(count or 0) + 1)
