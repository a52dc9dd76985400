"""Markdown that people write, as HTML that cannot harm its reader."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = set(
    """a blockquote br code del em h3 h4 h5 h6 hr li ol p pre s strong
    table tbody td th thead tr ul""".split()
)
PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True})
PARSER.enable(["table", "strikethrough"])


def rendered(text: str | None) -> SafeString:
    """Sanitised HTML; headings begin at the third level, below the page's own."""
    tokens = PARSER.parse(text or "")
    for token in tokens:
        _lower(token)
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(f'<div class="silian-prose">{clean}</div>')  # noqa: S308  cleaned just now


def _lower(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
