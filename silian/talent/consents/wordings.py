"""What a person reads before they consent: the versions of wordings.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from silian.kernel.bilingual import Bilingual
from silian.talent.consents.models import Consent


@dataclass(frozen=True)
class Wording:
    """One version of what is consented to for one purpose."""

    purpose: str
    version: int
    since: date
    recipient: bool
    kinds: tuple[str, ...]
    text_zh: str
    text_en: str
    retention_zh: str
    retention_en: str
    choose: bool = False
    quiet: bool = False
    sensitive: tuple[str, ...] = ()
    necessity_zh: str = ""
    necessity_en: str = ""
    text = Bilingual()
    retention = Bilingual()
    necessity = Bilingual()

    @property
    def label(self) -> str:
        return str(Consent.Purpose(self.purpose).label)

    @property
    def kind_names(self) -> list[str]:
        return kind_names(self.kinds)

    @property
    def sensitive_names(self) -> list[str]:
        return kind_names(self.sensitive)

    @property
    def whole(self) -> str:
        """Everything that was read, as a consent keeps it."""
        return "\n".join(part for part in (self.text, self.necessity, self.retention) if part)


def kind_names(kinds: list[str] | tuple[str, ...]) -> list[str]:
    return [str(Consent.Data(kind).label) for kind in kinds]


def wording_of(purpose: str) -> Wording:
    """The wording of ``purpose`` in use."""
    return _newest()[purpose]


def wordings() -> list[Wording]:
    """The wording in use for each purpose, in the order of the file."""
    return list(_newest().values())


@cache
def _newest() -> Mapping[str, Wording]:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
    found = [Wording(**_tuples(facts)) for facts in read["wordings"]]
    return {one.purpose: one for one in sorted(found, key=lambda one: one.version)}


def _tuples(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in facts.items()}
