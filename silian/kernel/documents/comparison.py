"""What changed from one text to another, letter by letter within each paragraph."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from diff_match_patch import diff_match_patch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SECONDS = 0.5  # for one paragraph; afterwards what is left counts as replaced
ESCAPES = re.compile(r"\\([!-/:-@\[-`{-~])")  # backslashes that only Markdown needs
MARKS = {
    diff_match_patch.DIFF_INSERT: "<ins>{}</ins>",
    diff_match_patch.DIFF_DELETE: "<del>{}</del>",
    diff_match_patch.DIFF_EQUAL: "{}",
}


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the newer text, or one that it no longer has."""

    html: SafeString
    changed: bool


def compared(old: str, new: str) -> list[Paragraph]:
    """The paragraphs of both Markdown texts in order, as people read them; equal ones once."""
    before, after = _paragraphs(old), _paragraphs(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found = []
    for step, start, end, new_start, new_end in steps:
        if step == "equal":
            found += [Paragraph(format_html("{}", text), False) for text in before[start:end]]
        else:
            found += _replaced(before[start:end], after[new_start:new_end])
    return found


def _paragraphs(text: str) -> list[str]:
    plain = ESCAPES.sub(r"\1", text.replace("\r\n", "\n"))
    parts = re.split(r"\n\s*\n", plain)
    return [part.strip("\n") for part in parts if part.strip()]


def _replaced(before: list[str], after: list[str]) -> Iterator[Paragraph]:
    for old, new in zip_longest(before, after, fillvalue=""):
        differ = diff_match_patch()
        differ.Diff_Timeout = SECONDS
        steps = differ.diff_main(old, new)
        differ.diff_cleanupSemantic(steps)
        html = format_html_join("", "{}", ((format_html(MARKS[op], text),) for op, text in steps))
        yield Paragraph(html, True)
