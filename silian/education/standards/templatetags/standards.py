"""``{% load standards %}{% standards_of programme %}``: standards where they belong."""

from typing import Any

from django import template
from django.template import Context

from silian.education.programmes.models import Programme
from silian.education.standards import policy

register = template.Library()


@register.inclusion_tag("standards/standards_of.html", takes_context=True)
def standards_of(context: Context, programme: Programme) -> dict[str, Any]:
    """The plans and course standards of a programme that the reader may see."""
    rows = policy.visible_standards(context["request"].user).filter(programme=programme)
    return {"standards": policy.for_list(rows)}
