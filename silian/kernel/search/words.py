"""Text cut into words, for the index and for the query; and found words marked in a text.

Chinese is cut by rjieba. Where it cuts a name in the text in another way than in the query, pairs
of neighbouring characters still agree; they are indexed too, with the least weight.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import rjieba
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

CHINESE = re.compile(r"[\u3400-\u9fff]+")
LONGEST_WORD, LONGEST_QUERY, LAST_POSITION = 60, 100, 16_383
EXCERPT = 90  # characters


def plain(text: str) -> str:
    """Lower case, half width, and nothing but letters, digits and blanks."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).lower()).strip()


def words_of(text: str) -> Iterator[str]:
    """Every word of ``text``, long Chinese words also in their parts."""
    return (word[:LONGEST_WORD] for word in rjieba.cut_for_search(plain(text)) if word.strip())


def pairs_of(text: str) -> Iterator[str]:
    """Each two neighbouring Chinese characters."""
    for run in CHINESE.findall(plain(text)):
        yield from (run[at : at + 2] for at in range(len(run) - 1))


def vector(title: str, body: str) -> str:
    """The text form of a tsvector. Words hold letters and digits only, so quoting is enough."""
    weighed: dict[str, str] = {}
    for weight, words in (
        ("A", words_of(title)),
        ("B", words_of(body)),
        ("D", pairs_of(f"{title} {body}")),
    ):
        for word in words:
            weighed.setdefault(word, weight)
    numbered = enumerate(weighed.items(), start=1)
    return " ".join(f"'{word}':{min(n, LAST_POSITION)}{weight}" for n, (word, weight) in numbered)


def query(words: str) -> str:
    """The text form of a tsquery: all words, of which the last may be unfinished."""
    cut = [word for word in rjieba.cut(plain(words[:LONGEST_QUERY])) if word.strip()]
    last = len(cut) - 1
    return " & ".join(term(word, unfinished=at == last) for at, word in enumerate(cut))


def term(word: str, *, unfinished: bool) -> str:
    chinese = CHINESE.fullmatch(word)
    whole = f"'{word}':*" if unfinished or (chinese and len(word) == 1) else f"'{word}'"
    if chinese and len(word) > 2:
        pairs = " & ".join(f"'{pair}'" for pair in pairs_of(word))
        return f"({whole} | ({pairs}))"
    return whole


# --- showing what was found ---------------------------------------------------------------


def highlight(text: str, words: str) -> SafeString:
    """``text`` escaped, with whatever of ``words`` stands in it between <mark> and </mark>."""
    pattern = finder(words)
    if pattern is None:
        return conditional_escape(text)
    parts = pattern.split(text)  # odd parts are those found
    shown = (format_html("<mark>{}</mark>", p) if n % 2 else p for n, p in enumerate(parts))
    return mark_safe("".join(conditional_escape(part) for part in shown))  # noqa: S308  escaped


def excerpt(text: str, words: str) -> SafeString:
    """The piece of ``text`` around the first word found, highlighted; its beginning otherwise."""
    pattern = finder(words)
    found = pattern.search(text) if pattern else None
    start = max(0, found.start() - EXCERPT // 3) if found else 0
    piece = text[start : start + EXCERPT]
    before = "…" if start else ""
    after = "…" if start + EXCERPT < len(text) else ""
    return highlight(f"{before}{piece}{after}", words)


def finder(words: str) -> re.Pattern[str] | None:
    """Finds any words of the query that stand together in a text as it is written."""
    cut: Iterable[str] = {word for word in rjieba.cut(plain(words[:LONGEST_QUERY])) if word.strip()}
    longest_first = sorted(cut, key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(f"((?:{'|'.join(map(re.escape, longest_first))})+)", re.IGNORECASE)
