"""``python -m tests.translations``: is every text of every app translated into Chinese?

Collects each app's texts anew with gettext, in a copy, and reports what its catalogue lacks, what
is marked fuzzy or has half-width marks beside Chinese, and a msgid that two apps word differently.
``--collect`` writes the catalogues.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1] / "silian"
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
COLLECT = ["makemessages", "-l", "zh_Hans", "--no-location", "--no-wrap", "--no-obsolete"]

HEADER = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Language: zh_Hans\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"""
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”》][,;:?!(]|[,;?!)][\u4e00-\u9fff“《]")
FIRST_ENTRY = re.compile(r'^msgid ""\nmsgstr ""\n(?:".*"\n)+', re.M)


def apps() -> list[Path]:
    folders = {path.parent for path in PACKAGE.glob("*/*/__init__.py")}
    return sorted(folders | {PACKAGE / "portal", PACKAGE / "config"})


def collect(app: Path) -> None:
    """Bring the catalogue of ``app`` up to date with its texts."""
    (app / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "django", *COLLECT]
    alone = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=app, env=alone, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{app}: {done.stderr.strip().splitlines()[-1]}")
    if not any((app / "locale").iterdir()):
        (app / "locale").rmdir()
    elif (app / CATALOGUE).exists():
        shorten_header(app / CATALOGUE)


def shorten_header(catalogue: Path) -> None:
    """Keep of the header what matters: dates and names in it would change with every run."""
    text = catalogue.read_text()
    catalogue.write_text(HEADER + text[FIRST_ENTRY.search(text).end() :])  # type: ignore[union-attr]


def messages(app: Path) -> Iterator[Message]:
    if (app / CATALOGUE).exists():
        with (app / CATALOGUE).open("rb") as lines:
            yield from (message for message in read_po(lines) if message.id)


def texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (str(value),)


def faults() -> Iterator[str]:
    worded: dict[object, dict[str, str]] = defaultdict(dict)
    with tempfile.TemporaryDirectory() as scratch:
        for app in apps():
            name = ".".join(app.relative_to(PACKAGE.parent).parts)
            copy = Path(scratch) / name
            shutil.copytree(app, copy, ignore=shutil.ignore_patterns("tests", "vendor", "*.mo"))
            collect(copy)
            for message in messages(copy):
                if message.fuzzy or not all(texts(message.string)):
                    yield f"{name}: {texts(message.id)[0]!r} has no Chinese"
                if any(HALF_WIDTH.search(text) for text in texts(message.string)):
                    yield f"{name}: {texts(message.string)[0]!r} mixes widths of punctuation"
                worded[message.context, message.id][name] = texts(message.string)[0]
    for (_context, msgid), by_app in worded.items():
        if len(set(by_app.values())) > 1:
            yield f"{msgid!r} is worded differently: {by_app}"


if __name__ == "__main__":
    if "--collect" in sys.argv:
        for folder in apps():
            collect(folder)
    found = list(faults())
    sys.exit("\n".join(found) if found else 0)
