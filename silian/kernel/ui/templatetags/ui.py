"""The components of a page. CONTRIBUTING.md lists them; ``/ui/`` shows them."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from silian.kernel.ui import formats, prose
from silian.kernel.ui.charts import Chart
from silian.kernel.verdicts import YES, Verdict

register = template.Library()
numbers = count(1)  # for ids that a page needs and nobody reads

register.filter("markdown", prose.rendered)
register.filter("number", formats.number)
register.filter("money", formats.money)
register.filter("moment", formats.moment)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite (assets/icons.txt), which says nothing to a screen reader."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def repeat_block(context: Context, name: str) -> SafeString:
    """A block a second time, where a page's title is also its heading."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block(name).render(context)  # type: ignore[no-any-return]


@register.simple_tag
def state_badge(obj: Any) -> SafeString:
    """The state of ``obj`` in words, coloured by STATE_COLOURS of its model."""
    colour = getattr(obj, "STATE_COLOURS", {}).get(obj.state, "secondary")
    return badge(obj.get_state_display(), colour)


@register.simple_tag
def badge(label: Any, colour: str = "secondary") -> SafeString:
    return format_html('<span class="badge bg-{0}-lt">{1}</span>', colour, label)


@register.inclusion_tag("ui/action.html", takes_context=True)
def action(  # noqa: PLR0913  a button has that many sides
    context: Context,
    url: str,
    verdict: Verdict | bool,
    label: str,
    *,
    style: str = "",
    icon: str = "",
    confirm: str = "",
    ask_reason: bool = False,
) -> dict[str, Any]:
    """A button that posts, or the reason why there is none.

    ``confirm`` asks that question first; ``ask_reason`` asks for a text, posted as ``reason``.
    """
    return {
        "url": url,
        "verdict": verdict,
        "label": label,
        "style": style,
        "icon": icon,
        "confirm": confirm,
        "ask_reason": ask_reason,
        "number": next(numbers),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/link_button.html")
def link_button(
    url: str, verdict: Verdict | bool = YES, label: str = "", *, style: str = "", icon: str = ""
) -> dict[str, Any]:
    """A link that looks like a button, or the reason why there is none."""
    return {"url": url, "verdict": verdict, "label": label, "style": style, "icon": icon}


@register.inclusion_tag("ui/fact.html")
def fact(label: str, value: Any, url: str = "") -> dict[str, Any]:
    """One labelled value of a datagrid; nothing where there is no value."""
    empty = value is None or value in ("", [], ())
    return {"label": label, "value": formats.readable(value), "url": url, "empty": empty}


@register.inclusion_tag("ui/stat.html")
def stat(
    label: str, value: Any, url: str = "", *, icon: str = "", note: str = ""
) -> dict[str, Any]:
    """A tile with a number, which opens to the records it counts."""
    shown = formats.readable(value)
    return {"label": label, "value": shown, "url": url, "icon": icon, "note": note}


@register.inclusion_tag("ui/empty.html")
def empty(message: str, url: str = "", label: str = "", *, icon: str = "inbox") -> dict[str, Any]:
    """An empty state with the next thing to do."""
    return {"message": message, "url": url, "label": label, "icon": icon}


@register.inclusion_tag("ui/progress.html")
def progress(job: Any) -> dict[str, Any]:
    """How far a job is; asks again by itself until the job has ended."""
    return {"job": job}


@register.filter
def job_title(job: Any) -> str:
    """The title of a job, kept as a msgid, in the reader's language."""
    return gettext(job.title)


@register.inclusion_tag("ui/chart.html")
def chart(spec: Chart) -> dict[str, Any]:
    return {"chart": spec, "id": f"chart-{next(numbers)}"}


@register.inclusion_tag("ui/calendar.html")
def calendar(url: str, start: str = "") -> dict[str, Any]:
    """A calendar fed by ``url``: JSON of title, start, end, url (optional), colour (optional)."""
    return {"url": url, "start": start}


@register.inclusion_tag("ui/file_drop.html")
def file_drop(field: BoundField, hint: str = "") -> dict[str, Any]:
    """A file field on which files can be dropped."""
    return {"field": field, "hint": hint or field.help_text}


@register.inclusion_tag("ui/stepper.html")
def stepper(steps: Sequence[str], current: int) -> dict[str, Any]:
    """The steps of a longer task; ``current`` counts from 1."""
    return {"steps": steps, "current": current}
