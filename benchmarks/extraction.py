"""How well skills are found in texts: precision, recall and F1 on labelled passages, and the speed.

Run from the project's root:  python -m benchmarks.extraction [--misses]
``passages.txt`` holds the passages with their labels. Each belongs to "dev" or "test" by a hash of
its text: the rules were tuned on dev alone, and the figures of test are the ones to quote. Beside
the extractor runs a plain substring search over the same words. ``--misses`` shows what went
wrong in dev, never in test.
"""

import argparse
import hashlib
import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from silian.engines.extracting import Dictionary, fold, mentions
from silian.engines.proposing import proposals

HERE = Path(__file__).parent
DEMO = HERE.parent / "silian" / "demo"
LABEL = re.compile(r"\[([^\[\]=]+)(?:=([^\[\]]+))?\]|\{([^{}]+)\}")

Words = Mapping[str, str]  # from a word to the name of its skill
Reader = Callable[[str, bool], tuple[set[str], set[str]]]  # the known and the new ones of a text


@dataclass(frozen=True)
class Passage:
    text: str
    field: str
    heading: bool  # the title of a unit
    known: frozenset[str]  # names of skills
    new: frozenset[str]  # folded words

    @property
    def part(self) -> str:
        return "test" if hashlib.sha256(self.text.encode()).digest()[0] % 2 else "dev"


@dataclass(frozen=True)
class Score:
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def vocabulary() -> dict[str, str]:
    """Every word of the demo's vocabulary, with the name of its skill."""
    named = tomllib.loads((DEMO / "market/data/positions.toml").read_text())["skills"]
    more = tomllib.loads((DEMO / "teaching/data/skills.toml").read_text())
    words = {word: name for name, (english, _kind) in named.items() for word in (name, english)}
    for name, synonyms in more["synonyms"].items():
        words |= dict.fromkeys(filter(None, synonyms.split("/")), name)
    for group in more["skills"].values():
        for name, (english, _kind, synonyms) in group.items():
            words |= dict.fromkeys([name, english, *filter(None, synonyms.split("/"))], name)
    return words


def passages(words: Words) -> list[Passage]:
    lines = (HERE / "passages.txt").read_text().splitlines()
    return [read_line(line, words) for line in lines if line and not line.startswith("#")]


def read_line(line: str, words: Words) -> Passage:
    field, kind, marked = line.split("|", 2)
    known, new = set(), set()
    for quote, name, word in LABEL.findall(marked):
        if word:
            new.add(fold(word))
        else:
            known.add(words.get(name or quote) or by_fold(words)[fold(name or quote)])
    text = LABEL.sub(lambda label: label[1] or label[3], marked)
    heading = kind == "course" and bool(re.match(r"(项目|任务|模块)[一二三四五六]", text))
    return Passage(text, field, heading, frozenset(known), frozenset(new))


def by_fold(words: Words) -> dict[str, str]:
    return {fold(word): name for word, name in words.items()}


def extractor(words: Words) -> Reader:
    dictionary = Dictionary(words)

    def read(text: str, heading: bool) -> tuple[set[str], set[str]]:
        known = {mention.key for mention in mentions(text, dictionary, heading=heading)}
        return known, {fold(one.quote) for one in proposals(text, dictionary, heading=heading)}

    return read


def substrings(words: Words) -> Reader:
    """The baseline: whatever word stands anywhere in the text; it proposes nothing."""

    def read(text: str, heading: bool) -> tuple[set[str], set[str]]:
        return {name for word, name in words.items() if word.lower() in text.lower()}, set()

    return read


def scores(found: Iterable[tuple[Passage, set[str], set[str]]]) -> tuple[Score, Score]:
    """For known skills and for new words, counted over all passages."""
    known, new = Counter[str](), Counter[str]()
    for passage, named, proposed in found:
        for count, gold, given in ((known, passage.known, named), (new, passage.new, proposed)):
            count["right"] += len(gold & given)
            count["wrong"] += len(given - gold)
            count["missed"] += len(gold - given)
    return tuple(  # type: ignore[return-value]
        Score(count["right"], count["wrong"], count["missed"]) for count in (known, new)
    )


def measure(reader: Reader, chosen: Iterable[Passage]) -> tuple[Score, Score]:
    return scores((passage, *reader(passage.text, passage.heading)) for passage in chosen)


def seconds_per_thousand(reader: Reader, chosen: list[Passage]) -> float:
    begin = time.perf_counter()
    for passage in chosen:
        reader(passage.text, passage.heading)
    return (time.perf_counter() - begin) / len(chosen) * 1000


def show_misses(reader: Reader, chosen: Iterable[Passage]) -> None:
    for passage in chosen:
        known, new = reader(passage.text, passage.heading)
        for label, gold, given in (("known", passage.known, known), ("new", passage.new, new)):
            if gold != given:
                print(f"{label}: {passage.text}\n  missed {gold - given}, wrong {given - gold}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    words = vocabulary()
    every = passages(words)
    dev = [passage for passage in every if passage.part == "dev"]
    parts = {"dev": dev, "test": [passage for passage in every if passage.part == "test"]}
    readers = {"extractor": extractor(words), "substring search": substrings(words)}
    if parser.parse_args().misses:
        show_misses(readers["extractor"], dev)
        return
    print(f"{len(every)} passages, {len(words)} words of {len(set(words.values()))} skills")
    print(f"{'':18} {'part':5} {'what':6} {'precision':>9} {'recall':>7} {'F1':>6}")
    for name, reader in readers.items():
        for part, chosen in parts.items():
            known, new = measure(reader, chosen)
            for what, score in (("known", known), ("new", new)):
                figures = f"{score.precision:9.3f} {score.recall:7.3f} {score.f1:6.3f}"
                print(f"{name:18} {part:5} {what:6} {figures}   of {score.right + score.missed}")
        print(f"{name:18} {seconds_per_thousand(reader, every):.3f} s for 1,000 passages")


if __name__ == "__main__":
    main()
