"""Sample charters, shipped as data in which each value names where it comes from."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from silian.governance.charters.models import Charter, MatterRule, SeatRule, Weight
from silian.governance.charters.reading import Content, Line, lines_of, rows_in_words
from silian.governance.consortia.models import Consortium
from silian.kernel.bilingual import Bilingual

BLANK = "____"  # where a text names the consortium
SHARES = {"demand", "quorum", "majority"}
DATA = Path(__file__).parent / "data"
FITTING = {  # the sample that a kind of consortium begins with
    Consortium.Kind.MUNICIPAL: "municipal",
    Consortium.Kind.COMMUNITY: "alliance",
    Consortium.Kind.ALLIANCE: "alliance",
    Consortium.Kind.COLLEGE: "college",
}


@dataclass(frozen=True)
class Source:
    """A place where a value was found; without a page it is custom, a default to be changed."""

    title_zh: str
    title_en: str
    url: str = ""
    title = Bilingual()


@dataclass(frozen=True)
class Sample:
    name: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    content: Content
    sources: dict[str, Source]  # by the key of a line
    title = Bilingual()
    about = Bilingual()

    def content_for(self, consortium: Consortium) -> Content:
        """What it sets, with the name of ``consortium`` written into its text."""
        charter = self.content.charter
        charter.consortium = consortium
        charter.text_zh = charter.text_zh.replace(BLANK, consortium.name_zh)
        charter.text_en = charter.text_en.replace(BLANK, consortium.name_en or consortium.name_zh)
        return self.content

    def lines(self) -> Iterator[tuple[Line, Source]]:
        """Each thing that it sets, with its source."""
        for line in lines_of(self.content):
            yield line, self.sources[line.key]


def names() -> list[str]:
    return sorted(path.stem for path in DATA.glob("*.toml"))


def samples() -> list[Sample]:
    return [sample(name) for name in names()]


def sample(name: str) -> Sample:
    """Read anew each time, so that nobody changes the rows of another. KeyError for no such one."""
    if name not in names():
        raise KeyError(name)
    facts = _read(name)
    values = {key: value["is"] for key, value in facts["values"].items()}
    charter = Charter(**_whole(values), text_zh=facts["text_zh"], text_en=facts["text_en"])
    rows = [*facts["seats"], *facts["matters"], *facts.get("weights", [])]
    content = Content(
        charter,
        [SeatRule(**_whole(row)) for row in facts["seats"]],
        [MatterRule(**_whole(row)) for row in facts["matters"]],
        [Weight(**_whole(row)) for row in facts.get("weights", [])],
    )
    keys = [line.key for line in rows_in_words(content)]
    found = {key: value["from"] for key, value in facts["values"].items()}
    found |= {key: row["from"] for key, row in zip(keys, rows, strict=True)}
    sources = {key: Source(**source) for key, source in facts["sources"].items()}
    words = {key: facts[key] for key in ("title_zh", "title_en", "about_zh", "about_en")}
    return Sample(
        name=name,
        content=content,
        sources={key: sources[source] for key, source in found.items()},
        **words,
    )


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text())


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    """Without its source, and a share such as "2/3" as a number."""
    shares = {key: Fraction(row[key]) for key in SHARES & row.keys()}
    return {key: value for key, value in (row | shares).items() if key != "from"}
