"""Finds in a text the skills of a vocabulary: by dictionary and rules, without network or model.

A text is folded (width, case, punctuation, spaces) and every place is walked down a trie of the
folded words; of matches that overlap the longest counts, then the first. Rules then read the
clause around each: how well it must be mastered, whether it is only preferred, whether it is not
asked for at all, or names a place or a person and no skill. Offsets are those of the given text.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PUNCTUATION = str.maketrans(
    {**dict.fromkeys("「」『』“”‘’《》〈〉", '"'), **dict.fromkeys("‐‑–—−", "-")}
)
SENTENCE_END, CLAUSE_END = re.compile(r"[。;!?\n]"), re.compile(r"[。;!?\n,]")

LEVELS = {
    1: "了解 知晓 知道 认识 理解 熟知概念 初步 basic familiar",
    2: "熟悉 学会 懂得 能够 能 会 可以 运用 应用",
    3: "熟练掌握 熟练 掌握 独立 胜任 能独立 proficient",
    4: "精通 擅长 带教 指导他人 expert",
}
RESET = "负责 从事 承担 参与 协助 配合 具备 具有 有 持有 毕业 接受"
LEVEL_OF = {word: level for level, words in LEVELS.items() for word in words.split()}
GOVERNING = re.compile(
    "|".join(
        f"(?<![{before}]){word}(?![{after}])"
        for word, (before, after) in {
            **dict.fromkeys({*LEVEL_OF, *RESET.split()} - {"能", "会", "有"}, ("不未", " ")),
            "能": ("功性智新储节电技职可动热产效势", "力量源耗效级"),
            "会": ("社机学协工委", "议计员展场务"),
            "有": ("所没拥固具持", "机限色关效"),
        }.items()
    )
)
NOT_BEFORE = re.compile(
    r"(不要求|不作要求|不需要?|无需|无须|不必|不涉及|不包括|不含|不讲授|不限|免除|而非|不是)[^,]*$"
)
NOT_AFTER = re.compile(
    r"^[^,]*?(不作要求|不做要求|不作为要求|不限|除外|不要求|另行安排|不在此列|不计入)"
)
NOT_NEEDED = re.compile(r"(无|没有|零)$")  # "无PLC经验亦可"
WISHED = re.compile(r"优先|加分|更佳|为佳|preferred|a plus")
PLACE = re.compile(
    r"专业|车间|部门|部(?![件分位署])|公司|学院|学校|系(?![统列])|教研室|班(?!前)|科室|事业部|行业|企业|协会"
    r"|学会|展会|岗位|工段|工序段|厂|股份|集团|实训室|实验室|实训基地|机房|大赛|竞赛|产业|中心(?!操)|产线|项目组"
)
PERSON = re.compile(r"工程师|员|仪|技师|技术员|人员|专员|师傅|工人|操作工|检验员|厂家|客户|岗")

Key = Hashable


@dataclass(frozen=True)
class Mention:
    """A skill of the vocabulary at one place: ``quote`` is ``text[start:end]``."""

    start: int
    end: int
    quote: str
    key: Any
    level: int | None  # 1 to 4, as the text words it; None where it does not say
    wished: bool  # preferred, not required


@dataclass(frozen=True)
class Folded:
    """A text as it is compared, and where each letter stood."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> str:
    """One spelling for all: half width, small letters, plain punctuation, no idle spaces."""
    return folded(text).text


def folded(text: str) -> Folded:
    letters, places = [], []
    for place, letter in enumerate(text):
        if letter.isspace() and letter != "\n":
            if not _parts_words(text, place):
                continue
            letter = " "  # noqa: PLW2901
        for part in _plain(letter):
            letters.append(part)
            places.append(place)
    return Folded("".join(letters), tuple(places))


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    plain = unicodedata.normalize("NFKC", letter).casefold()
    return "".join(unicodedata.normalize("NFKC", plain).translate(PUNCTUATION).split()) or plain[:0]


def _parts_words(text: str, place: int) -> bool:
    """Only a space between two Latin words means something; of several the first stays."""
    before, after = text[:place][-1:], text[place:].lstrip()[:1]
    return _is_latin(before) and _is_latin(after)


def _is_latin(letter: str) -> bool:
    plain = unicodedata.normalize("NFKC", letter)
    return plain.isascii() and plain.isalnum()


class Dictionary:
    """The words of a vocabulary as a trie; how they are ordered makes no difference."""

    def __init__(self, words: Mapping[str, Key]) -> None:
        self.root: dict[str, Any] = {}
        for word, key in words.items():
            node = self.root
            for letter in fold(word):
                node = node.setdefault(letter, {})
            if node is not self.root:
                node[""] = key

    def __contains__(self, word: str) -> bool:
        node = self.root
        for letter in fold(word):
            node = node.get(letter, {})
        return "" in node

    def matches(self, text: str) -> list[tuple[int, int, Any]]:
        """What does not overlap in a folded text: longer ones first, then earlier ones."""
        found = sorted(self._all(text), key=lambda match: (match[0] - match[1], match[0]))
        taken, chosen = bytearray(len(text)), []
        for start, end, key in found:
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                chosen.append((start, end, key))
        return sorted(chosen, key=lambda match: match[0])

    def _all(self, text: str) -> Iterator[tuple[int, int, Any]]:
        for start in range(len(text)):
            node, at = self.root, start
            while at < len(text) and (node := node.get(text[at])):  # type: ignore[assignment]
                at += 1
                if "" in node and _stands_alone(text, start, at):
                    yield start, at, node[""]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """A Latin word counts only whole: no Java in JavaScript, no C in C++, but HTML in HTML5."""
    before, first, last, after = text[:start][-1:], text[start], text[end - 1], text[end : end + 1]
    if _is_ascii_word(first) and (_is_ascii_word(before) or (before in {"-", "."} and start > 0)):
        return False
    if not _is_ascii_word(last):
        return True
    if after.isdigit() and last.isalpha() and end - start >= 3:
        return True
    return not _is_ascii_word(after) and after not in {"+", "#", "&"}


def _is_ascii_word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")


def mentions(text: str, dictionary: Dictionary, *, heading: bool = False) -> list[Mention]:
    """The skills that ``text`` asks for or teaches. A heading may name a kind of person by one."""
    plain = folded(text)
    found = []
    for start, end, key in dictionary.matches(plain.text):
        if _means_something_else(plain.text, start, end, heading):
            continue
        begin, stop = plain.span(start, end)
        found.append(
            Mention(
                begin,
                stop,
                text[begin:stop],
                key,
                level=level_at(plain.text, start),
                wished=bool(WISHED.search(_around(plain.text, start, end, CLAUSE_END))),
            )
        )
    return found


def strongest(found: Iterable[Mention]) -> dict[Any, Mention]:
    """One mention a skill: what is required before what is wished, then the highest level."""
    best: dict[Any, Mention] = {}
    for mention in found:
        known = best.get(mention.key)
        if known is None or _strength(mention) > _strength(known):
            best[mention.key] = mention
    return best


def _strength(mention: Mention) -> tuple[bool, int]:
    return not mention.wished, mention.level or 0


def level_at(text: str, place: int) -> int | None:
    """What the last governing word before ``place`` in its sentence says of mastery."""
    begin = _begin(text, place, SENTENCE_END)
    level = None
    for word in GOVERNING.finditer(text, begin, place):
        level = LEVEL_OF.get(word.group())
    return level


def _means_something_else(text: str, start: int, end: int, heading: bool) -> bool:
    after = text[end : end + 4]
    if PLACE.match(after) or (not heading and PERSON.match(after)):
        return True
    begin, stop = _begin(text, start, CLAUSE_END), _stop(text, end, CLAUSE_END)
    before, behind = text[begin:start], text[end:stop]
    if NOT_NEEDED.search(before) and "可" in behind:
        return True
    return bool(NOT_BEFORE.search(before) or NOT_AFTER.match(behind))


def _around(text: str, start: int, end: int, border: re.Pattern[str]) -> str:
    return text[_begin(text, start, border) : _stop(text, end, border)]


def _begin(text: str, place: int, border: re.Pattern[str]) -> int:
    return max((match.end() for match in border.finditer(text, 0, place)), default=0)


def _stop(text: str, place: int, border: re.Pattern[str]) -> int:
    match = border.search(text, place)
    return match.start() if match else len(text)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentence of ``text`` in which a quote stands."""
    marks = [match.end() for match in re.finditer(r"[。;；!！?？\n]", text)]
    begin = max((mark for mark in marks if mark <= start), default=0)
    stop = min((mark for mark in marks if mark >= end), default=len(text))
    return begin, stop
