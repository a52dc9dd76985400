"""The places in a template that an agreement fills: ``{{ title }}``, ``{{ terms.programme }}``."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from silian.governance.agreements.models import Agreement, Party
from silian.governance.drafting.terms import terms_of
from silian.kernel.ui import formats

PLACE = re.compile(r"\\?\{\\?\{\s*([^{}]*?)\s*\\?\}\\?\}")  # Word may come back with backslashes
BLANK = "\\_\\_\\_\\_\\_\\_\\_\\_"  # eight low lines, which Markdown would take for a rule
MOST_PARTIES = 20
ENDS = tuple("。；，.;,")
LOCALES = {"zh": "zh-hans", "en": "en"}


def described(kind: str) -> list[tuple[str, str]]:
    """Every place that a template of ``kind`` may use, and what will stand there."""
    return [
        ("title", _("title")),
        ("consortium", _("consortium")),
        ("parties", _("list of all parties, with their parts")),
        ("party_1", _("name of Party A; party_2, party_3 … for the others")),
        ("part_1", _("part of Party A; part_2, part_3 … for the others")),
        ("expires_on", _("last day of the term")),
        *((f"terms.{term.name}", term.label) for term in terms_of(kind)),
    ]


def language_of(text: str) -> str:
    """``zh`` where there is any Chinese in ``text``; a contract is read in its own language."""
    return "zh" if re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text) else "en"


def used(text: str) -> list[str]:
    """The places in ``text``, each once, in order."""
    return list(dict.fromkeys(name.replace("\\", "") for name in PLACE.findall(text)))


def unknown(text: str, kind: str) -> list[str]:
    """Places in ``text`` that nothing will ever fill."""
    known = {name for name, _label in described(kind)}
    known |= {f"{word}_{n}" for word in ("party", "part") for n in range(1, MOST_PARTIES + 1)}
    return [name for name in used(text) if name not in known]


def filled(text: str, agreement: Agreement) -> tuple[str, list[str]]:
    """``text`` with what ``agreement`` says in its places, and the places that stay blank."""
    with override(LOCALES[language_of(text)]):
        values = dict(_values(agreement))
    blank = [name for name in used(text) if not values.get(name)]

    def value(match: re.Match[str]) -> str:
        found = values.get(match.group(1).replace("\\", "")) or BLANK
        ended = match.string[match.end() :].startswith(ENDS)  # one full stop is enough
        return found.rstrip("".join(ENDS)) if ended else found

    return PLACE.sub(value, text), blank


def _values(agreement: Agreement) -> Iterator[tuple[str, str]]:
    parties = list(agreement.party_set.all())
    yield "title", agreement.title
    yield "consortium", agreement.consortium.name
    yield "parties", "\n".join(f"{n}. {_named(p)}" for n, p in enumerate(parties, start=1))
    yield "expires_on", formats.day(agreement.expires_on) if agreement.expires_on else ""
    for number, party in enumerate(parties, start=1):
        yield f"party_{number}", party.name
        yield f"part_{number}", party.part
    given = agreement.terms or {}
    for term in terms_of(agreement.kind):
        yield f"terms.{term.name}", term.shown(given.get(term.name), agreement)
    if not given.get("starts_on"):
        yield "terms.starts_on", _("the day of signing")


def _named(party: Party) -> str:
    return f"{party}（{party.part}）" if party.part else f"{party}"
