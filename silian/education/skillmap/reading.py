"""Reading texts: what stands in the words of positions and course units becomes suggestions.

A text is read again when it or the vocabulary has changed. What people decided stays; what waits
and stands in the text no more is taken back.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from silian.education.skillmap.models import Candidate, Reading, Sighting, Suggestion
from silian.education.standards.models import Edition, Unit
from silian.engines.extracting import (
    Dictionary,
    Mention,
    fold,
    mentions,
    sentence_around,
    strongest,
)
from silian.engines.proposing import proposals
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.occupations.models import Skill, Synonym, word_of

TOOL_ENDINGS = ("仪", "机", "器", "软件", "平台", "系统", "表")
TRAIT_ENDINGS = ("意识", "精神", "态度", "能力", "素养", "习惯")
Part = tuple[str, bool]  # a text, and whether it is a heading


@dataclass(frozen=True)
class Words:
    """The vocabulary, ready to read with, and what it was then."""

    dictionary: Dictionary
    digest: str

    @classmethod
    def load(cls) -> "Words":
        words: dict[str, int] = {}
        for key, *names in Skill.objects.values_list("pk", "name_zh", "name_en"):
            words |= {name: key for name in names if name}
        words |= dict(Synonym.objects.values_list("text", "skill"))
        lines = sorted(f"{fold(word)}\t{key}" for word, key in words.items())
        return cls(Dictionary(words), hashlib.sha256("\n".join(lines).encode()).hexdigest())


def positions_of(consortium: Consortium, of: Organisation | None = None) -> QuerySet[Position]:
    """Whose texts are read, of one employer or of all."""
    rows = Position.objects.filter(consortium=consortium).exclude(state=Position.State.CLOSED)
    return (rows.filter(organisation=of) if of else rows).order_by("pk")


def units_of(consortium: Consortium, of: Organisation | None = None) -> QuerySet[Unit]:
    """Units being drafted, for links, and those in force, for new terms."""
    rows = Unit.objects.filter(
        edition__standard__consortium=consortium,
        edition__state__in=[Edition.State.DRAFT, Edition.State.PUBLISHED],
    ).select_related("edition__standard")
    rows = rows.filter(edition__standard__programme__school=of) if of else rows
    return rows.order_by("pk")


def read_all(
    consortium: Consortium,
    *,
    of: Organisation | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Read what is new or changed; return how many texts that were."""
    words = Words.load()
    sources: list[Position | Unit] = [*positions_of(consortium, of), *units_of(consortium, of)]
    read = 0
    for done, source in enumerate(sources, start=1):
        read += read_source(source, words)
        progress(done, len(sources))
    return read


@transaction.atomic
def read_source(source: Position | Unit, words: Words) -> bool:
    """Read one text unless it was read in this wording with this vocabulary."""
    parts, own = parts_of(source), owner(source)
    text = "\n".join(part for part, _heading in parts)
    state = source.state if isinstance(source, Position) else source.edition.state
    digest = hashlib.sha256(f"{words.digest}\n{state}\n{text}".encode()).hexdigest()
    known = Reading.objects.select_for_update().filter(**own).first()
    if known and known.digest == digest:
        return False
    Reading.objects.update_or_create(**own, defaults={"digest": digest})
    _suggest(source, parts, words)
    _sight(source, parts, words)
    return True


def parts_of(source: Position | Unit) -> list[Part]:
    if isinstance(source, Position):
        texts = [(source.title_zh, True), (source.duties_zh, False), (source.duties_en, False)]
    else:
        texts = [(source.title_zh, True), (source.text, False)]
    return [(text, heading) for text, heading in texts if text]


def owner(source: Position | Unit) -> dict[str, Any]:
    return {"position" if isinstance(source, Position) else "unit": source}


def is_public(source: Position | Unit) -> bool:
    if isinstance(source, Position):
        return source.state == Position.State.PUBLISHED
    return source.edition.state == Edition.State.PUBLISHED


def can_change(source: Position | Unit) -> bool:
    """May skills still be added? An edition in force never changes."""
    return isinstance(source, Position) or source.edition.state == Edition.State.DRAFT


def _suggest(source: Position | Unit, parts: Iterable[Part], words: Words) -> None:
    found: dict[Any, tuple[Mention, str]] = {}
    bodies_first = sorted(parts, key=lambda part: part[1])  # they also tell the level
    for text, heading in bodies_first if can_change(source) else ():
        for key, mention in strongest(mentions(text, words.dictionary, heading=heading)).items():
            found.setdefault(key, (mention, text))
    for key in _linked(source):
        found.pop(key, None)
    own = owner(source)
    Suggestion.objects.filter(**own, state=Suggestion.State.WAITING).exclude(
        skill__in=found
    ).delete()
    fresh = [_suggestion(own, key, mention, text) for key, (mention, text) in found.items()]
    Suggestion.objects.bulk_create(fresh, ignore_conflicts=True)


def _linked(source: Position | Unit) -> set[int]:
    """Skills that the text's owner has named already."""
    rows: QuerySet[Any] = (
        source.skill_needs.all() if isinstance(source, Position) else source.taught.all()
    )
    return set(rows.values_list("skill", flat=True))


def _suggestion(own: dict[str, Any], skill: int, mention: Mention, text: str) -> Suggestion:
    default = SkillNeed.Level.AWARE if mention.wished else SkillNeed.Level.GUIDED
    return Suggestion(
        **own,
        skill_id=skill,
        level=mention.level or default,
        wished=mention.wished,
        **_passage(text, mention.start, mention.end),
    )


def _passage(text: str, start: int, end: int) -> dict[str, Any]:
    """The sentence around a quote, and where the quote stands in it."""
    begin, stop = sentence_around(text, start, end)
    return {"passage": text[begin:stop], "start": start - begin, "end": end - begin}


def _sight(source: Position | Unit, parts: Iterable[Part], words: Words) -> None:
    own, seen = owner(source), set()
    consortium = source.consortium if isinstance(source, Position) else None
    for text, heading in parts if is_public(source) else ():
        if heading and isinstance(source, Position):
            continue  # what a position is called is an occupation, not a skill
        for one in proposals(text, words.dictionary, heading=heading):
            candidate = _candidate(one.quote)
            if candidate.state == Candidate.State.WAITING:
                seen.add(candidate.pk)
                Sighting.objects.update_or_create(
                    **own,
                    candidate=candidate,
                    defaults=_passage(text, one.start, one.end)
                    | {"consortium": consortium or source.edition.standard.consortium},  # type: ignore[union-attr]
                )
    gone = Sighting.objects.filter(**own, candidate__state=Candidate.State.WAITING)
    gone.exclude(candidate__in=seen).delete()
    Candidate.objects.filter(Q(sightings=None), state=Candidate.State.WAITING).delete()


def _candidate(text: str) -> Candidate:
    facts = {"text": text.strip(), "kind": _kind(text)}
    return Candidate.objects.get_or_create(word=word_of(text), defaults=facts)[0]


def _kind(text: str) -> str:
    """A guess from how the word ends."""
    if text.endswith(TRAIT_ENDINGS):
        return Skill.Kind.ATTITUDE
    if text.endswith(TOOL_ENDINGS) or text.isascii():
        return Skill.Kind.TOOL
    return Skill.Kind.SKILL
