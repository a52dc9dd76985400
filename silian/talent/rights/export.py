"""All that is held of a person, as JSON for machines and as pages for people."""

import json
import re

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from silian.kernel import clock
from silian.kernel.documents.services import pdf_of
from silian.kernel.persons.models import Person
from silian.kernel.ui import formats
from silian.talent.records.holdings import Held, held_of


def json_of(person: Person) -> bytes:
    """Readable by other software (PIPL Art. 45); the identity number is masked here too."""
    made = {
        "made_at": clock.now().isoformat(),
        "holdings": [
            {"name": held.name, "title": held.title, "rows": [dict(row) for row in held.rows]}
            for held in held_of(person)
        ],
    }
    return json.dumps(made, ensure_ascii=False, indent=2).encode()


def pages_of(person: Person) -> bytes:
    """The same as a PDF."""
    chinese = (get_language() or "zh").startswith("zh")
    return pdf_of(
        "\n\n".join(_section(held) for held in held_of(person)),
        title=_("What Silian holds on %(person)s") % {"person": person.name},
        language="zh" if chinese else "en",
        facts=[(_("made"), formats.moment(clock.now()))],
    )


def _section(held: Held) -> str:
    rows = [
        "; ".join(f"**{_plain(k)}**: {_plain(v)}" for k, v in row.items() if v) for row in held.rows
    ]
    lines = [f"{number}. {row}" for number, row in enumerate(rows, start=1)]
    said = "\n".join(lines) or _("Nothing.")
    return f"## {_plain(held.title)}\n\n{said}"


def _plain(text: str) -> str:
    """``text`` so that Markdown reads nothing into it."""
    one_line = " ".join(str(text).split())
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$@^])", r"\\\1", one_line)
