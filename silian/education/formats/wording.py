"""Texts in two languages inside HTML, as Moodle's multi-language filter and QTI write them.

``<span lang="zh" class="multilang">…</span><span lang="en" class="multilang">…</span>``
"""

import html
import re
from html.parser import HTMLParser
from typing import Any

from django.utils.translation import gettext as _

from silian.education.formats.reading import Untakable
from silian.education.questions.building import Words

BREAKS = {"p", "div", "li", "br", "h1", "h2", "h3", "h4", "blockquote", "prompt"}
LOST = "img audio video object iframe math svg table sup sub embed".split()


class Collector:
    """Puts the pieces of a text together by language."""

    def __init__(self) -> None:
        self.zh: list[str] = []
        self.en: list[str] = []
        self.languages: list[str] = [""]
        self.tagged = False

    def start(self, tag: str, language: str | None) -> None:
        if tag in LOST:
            raise Untakable(
                _("It has a picture or a form of text that is not taken: %(tag)s") % {"tag": tag}
            )
        if tag in BREAKS:
            self._add("\n")
        self.languages.append(language or self.languages[-1])

    def end(self, tag: str) -> None:
        if tag in BREAKS and tag != "br":
            self._add("\n")
        if len(self.languages) > 1:
            self.languages.pop()

    def data(self, text: str) -> None:
        """Lines end where an element says so, not where the file does."""
        self._add(text.replace("\n", " "))

    def _add(self, text: str) -> None:
        language = self.languages[-1][:2]
        if language != "en":
            self.zh.append(text)
        if language not in ("zh", "cn"):
            self.en.append(text)
        self.tagged |= language == "en" and bool(text.strip())

    @property
    def words(self) -> Words:
        return _tidy("".join(self.zh)), _tidy("".join(self.en)) if self.tagged else ""


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Collector()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named: dict[str, Any] = dict(attrs)
        self.found.start(tag, named.get("lang") or named.get("xml:lang"))
        if tag in ("br", "hr"):
            self.found.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.found.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.start(tag, None)
        self.found.end(tag)

    def handle_data(self, data: str) -> None:
        self.found.data(data)


def words_in(text: str) -> Words:
    """Chinese and English of a piece of HTML, as plain text."""
    parser = _Html()
    parser.feed(text)
    parser.close()
    return parser.found.words


def html_of(words: Words) -> str:
    """A text as HTML; with spans only where there are two languages."""
    zh, en = (html.escape(text, quote=False).replace("\n", "<br>") for text in words)
    if not en:
        return zh
    return "".join(
        f'<span lang="{code}" class="multilang">{text}</span>'
        for code, text in (("zh", zh), ("en", en))
    )


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()
