"""Pandoc, called as the separate program that it is: no network, no files but ours, and an end."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import pypandoc
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FILTERS = Path(__file__).resolve().parent / "typesetting"
MARKDOWN = "commonmark+pipe_tables+strikeout+hard_line_breaks"  # what kernel.ui.prose shows
SECONDS = 30
MEMORY = ["+RTS", "-M768M", "-RTS"]


def convert(
    text: bytes, *, source: str, target: str, filter: str, more: Iterable[str] = ()
) -> bytes:
    """``text`` in another format; ValidationError where it is damaged or takes too long."""
    formats = ["--from", source, "--to", target, "--wrap=none", "--sandbox"]
    command = [pypandoc.get_pandoc_path(), *MEMORY, *formats, f"--lua-filter={FILTERS / filter}"]
    try:
        run = subprocess.run(  # noqa: S603  our own program and words; the text comes by stdin
            [*command, *more], input=text, capture_output=True, timeout=SECONDS, check=True
        )
    except subprocess.TimeoutExpired as slow:
        raise ValidationError(
            _("The document is too large to be converted."), code="slow"
        ) from slow
    except subprocess.CalledProcessError as failure:
        raise ValidationError(_("The document cannot be read."), code="unreadable") from failure
    return run.stdout
