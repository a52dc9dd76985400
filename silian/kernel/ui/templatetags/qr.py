"""QR codes on pages: ``{% load qr %}{% qr "text" _("what it is for") %}``."""

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def qr(text: str, label: str = "", css: str = "silian-qr") -> SafeString:
    """The code as a picture inside the page, dark on light whatever the page's colours are."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=2, light="white", omitsize=True, lineclass=None, svgclass=None
    )
    return format_html(
        '<span class="{}" role="img" aria-label="{}">{}</span>',
        css,
        label or text,
        mark_safe(drawn),  # noqa: S308  drawn by segno, which writes nothing of the text into it
    )
