"""Reading texts: what stands in the words of positions and course units becomes suggestions.

A text is read again when it or the vocabulary has changed. What people decided stays; what waits
and stands in the text no more is taken back.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from silian.education.skillmap.models import Candidate, Reading, Sighting, Suggestion
from silian.education.standards.models import Edition, Standard, Taught, Unit
from silian.engines.extracting import (
    Dictionary,
    Mention,
    fold,
    mentions,
    sentence_around,
    strongest,
)
from silian.engines.proposing import Proposal, proposals
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.occupations.models import Skill, Synonym, word_of

TOOL_ENDINGS = ("仪", "机", "器", "软件", "平台", "系统", "表")
TRAIT_ENDINGS = ("意识", "精神", "态度", "能力", "素养", "习惯")
BATCH = 500
Kind = Standard.Kind
Source = Position | Unit
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
    positions, units = positions_of(consortium, of), units_of(consortium, of)
    total, done, read = positions.count() + units.count(), 0, 0
    for rows in (positions, units):
        for batch in batches(rows):
            read += read_batch(batch, words)
            done += len(batch)
            progress(done, total)
    return read


def batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The rows in order of their keys, some hundreds at a time."""
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


@transaction.atomic
def read_batch(sources: Sequence[Source], words: Words) -> int:
    """Read texts, all of positions or all of units, unless they were read in this wording."""
    name = "position" if isinstance(sources[0], Position) else "unit"
    known = Reading.objects.filter(**{f"{name}__in": sources}).values_list(name, "digest")
    digests, seen = {source.pk: digest_of(source, words) for source in sources}, dict(known)
    changed = [source for source in sources if digests[source.pk] != seen.get(source.pk)]
    if changed:
        Reading.objects.bulk_create(
            [Reading(**{name: source}, digest=digests[source.pk]) for source in changed],
            update_conflicts=True,
            unique_fields=[name],
            update_fields=["digest"],
        )
        _suggest(name, [source for source in changed if can_change(source)], changed, words)
        _sight(name, [source for source in changed if is_public(source)], changed, words)
    return len(changed)


def digest_of(source: Source, words: Words) -> str:
    text = "\n".join(part for part, _heading in parts_of(source))
    state = source.state if isinstance(source, Position) else source.edition.state
    return hashlib.sha256(f"{words.digest}\n{state}\n{text}".encode()).hexdigest()


def parts_of(source: Source) -> list[Part]:
    if isinstance(source, Position):
        texts = [(source.title_zh, True), (source.duties_zh, False), (source.duties_en, False)]
    else:
        texts = [(source.title_zh, True), (source.text, False)]
    return [(text, heading) for text, heading in texts if text]


def is_public(source: Source) -> bool:
    if isinstance(source, Position):
        return source.state == Position.State.PUBLISHED
    edition = source.edition  # a plan names courses, a course standard what they teach
    return edition.state == Edition.State.PUBLISHED and edition.standard.kind == Kind.COURSE


def can_change(source: Source) -> bool:
    """May skills still be added? An edition in force never changes."""
    return isinstance(source, Position) or source.edition.state == Edition.State.DRAFT


def _suggest(
    name: str, readable: Sequence[Source], changed: Sequence[Source], words: Words
) -> None:
    """What waits is written anew; what was decided stands in the way of being suggested again."""
    about = {f"{name}__in": changed}
    Suggestion.objects.filter(**about, state=Suggestion.State.WAITING).delete()
    links: Any = SkillNeed if name == "position" else Taught
    linked = set(links.objects.filter(**about).values_list(name, "skill"))
    Suggestion.objects.bulk_create(
        [
            _suggestion({name: source}, key, mention, text)
            for source in readable
            for key, (mention, text) in _mentions(source, words).items()
            if (source.pk, key) not in linked
        ],
        ignore_conflicts=True,
    )


def _mentions(source: Source, words: Words) -> dict[Any, tuple[Mention, str]]:
    found: dict[Any, tuple[Mention, str]] = {}
    bodies_first = sorted(parts_of(source), key=lambda part: part[1])  # they also tell the level
    for text, heading in bodies_first:
        for key, mention in strongest(mentions(text, words.dictionary, heading=heading)).items():
            found.setdefault(key, (mention, text))
    return found


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


def _sight(name: str, readable: Sequence[Source], changed: Sequence[Source], words: Words) -> None:
    """Note where new terms stand; one that was decided is no news wherever it stands."""
    waiting = Candidate.objects.filter(state=Candidate.State.WAITING)
    Sighting.objects.filter(**{f"{name}__in": changed}, candidate__in=waiting).delete()
    found = {
        (source.pk, word_of(one.quote)): (source, text, one)
        for source in readable
        for text, one in _proposals(source, words)
    }
    terms = {word: one.quote.strip() for (_key, word), (_source, _text, one) in found.items()}
    Candidate.objects.bulk_create(
        [Candidate(word=word, text=text, kind=_kind(text)) for word, text in terms.items()],
        ignore_conflicts=True,
    )
    open_terms = {term.word: term for term in waiting.filter(word__in=terms)}
    Sighting.objects.bulk_create(
        [
            Sighting(
                **{name: source},
                candidate=open_terms[word],
                consortium_id=_consortium_of(source),
                **_passage(text, one.start, one.end),
            )
            for (_key, word), (source, text, one) in found.items()
            if word in open_terms
        ],
        ignore_conflicts=True,
    )
    waiting.filter(sightings=None).delete()


def _proposals(source: Source, words: Words) -> Iterator[tuple[str, Proposal]]:
    for text, heading in parts_of(source):
        if heading and isinstance(source, Position):
            continue  # what a position is called is an occupation, not a skill
        for one in proposals(text, words.dictionary, heading=heading):
            yield text, one


def _consortium_of(source: Source) -> int:
    if isinstance(source, Position):
        return source.consortium_id
    return source.edition.standard.consortium_id


def _kind(text: str) -> str:
    """A guess from how the word ends."""
    if text.endswith(TRAIT_ENDINGS):
        return Skill.Kind.ATTITUDE
    if text.endswith(TOOL_ENDINGS) or text.isascii():
        return Skill.Kind.TOOL
    return Skill.Kind.SKILL
