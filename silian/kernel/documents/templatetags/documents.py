"""Two texts side by side in one: ``{% load documents %}{% comparison old new %}``."""

from typing import Any

from django import template

from silian.kernel.documents.comparison import compared

register = template.Library()


@register.inclusion_tag("documents/comparison.html")
def comparison(old: str, new: str) -> dict[str, Any]:
    """What was added is ``<ins>``, what was taken away ``<del>``; nothing else is markup."""
    paragraphs = compared(old, new)
    return {"paragraphs": paragraphs, "changes": sum(each.changed for each in paragraphs)}
