"""The words for skills, what was read out of the demo's texts, and how programmes stand."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from silian.demo.cast.founding import Founded, code
from silian.demo.market.positions import CATALOGUE
from silian.education.gaps import comparing
from silian.education.gaps import services as gaps
from silian.education.gaps.models import Line, Snapshot
from silian.education.programmes.models import Programme
from silian.education.skillmap import reading
from silian.education.skillmap import services as skillmap
from silian.education.skillmap.models import Candidate, Suggestion
from silian.education.standards.models import Edition
from silian.industry.occupations.models import Skill, Synonym
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import CodeList

FACTS = tomllib.loads((Path(__file__).parent / "data" / "skills.toml").read_text())
COMPARED = 4  # programmes a body


def add_words() -> None:
    """The vocabulary beside the skills that positions name, with synonyms and occupations."""
    named = {name: fact for group in FACTS["skills"].values() for name, fact in group.items()}
    Skill.objects.bulk_create(
        Skill(name_zh=zh, name_en=en, kind=kind) for zh, (en, kind, _synonyms) in named.items()
    )
    skills = {skill.name_zh: skill for skill in Skill.objects.all()}
    words = {name: synonyms for name, (_en, _kind, synonyms) in named.items()} | FACTS["synonyms"]
    Synonym.objects.bulk_create(
        Synonym(skill=skills[name], text=text)
        for name, synonyms in words.items()
        for text in filter(None, synonyms.split("/"))
    )
    through: Any = Skill.occupations.through
    through.objects.bulk_create(
        through(skill=skills[name], code=code(CodeList.Kind.OCCUPATION, occupation))
        for name, occupation in sorted(set(belonging()))
    )


def belonging() -> Iterator[tuple[str, str]]:
    """Each skill with an occupation it belongs to."""
    for fact in CATALOGUE["positions"].values():
        yield from ((name, fact["occupation"]) for name in fact["skills"])
    for occupation, names in FACTS["occupations"].items():
        yield from ((name, occupation) for name in names.split("/"))


def add_skill_map(body: Founded, now: datetime) -> None:
    """Read the body's texts, decide a little of it, and compare some programmes with demand."""
    reading.read_all(body.consortium)
    secretary = User.objects.get(username=f"secretary.{body.consortium.slug}")
    decide_some(body, secretary)
    for place, programme in enumerate(comparable(body)):
        newest = compare(programme, body, now)
        if place == 0:
            gaps.publish_snapshot(newest, by=secretary)
            for line in newest.lines.filter(outcome=Line.Outcome.MISSING)[:1]:
                gaps.request_change(line, by=secretary)


def decide_some(body: Founded, secretary: User) -> None:
    """An employer has begun with its suggestions, the secretariat with the terms."""
    waiting = Suggestion.objects.filter(position__consortium=body.consortium).order_by("pk")
    first = waiting.exclude(position__stated_by=None).select_related("position", "skill").first()
    if first and first.position and first.position.stated_by:
        mine = list(waiting.filter(position=first.position).select_related("position", "skill"))
        skillmap.accept_suggestions(mine[:2], by=first.position.stated_by)
        skillmap.reject_suggestions(mine[2:3], by=first.position.stated_by)
    terms = Candidate.objects.filter(sightings__consortium=body.consortium, state="waiting")
    skillmap.reject_terms(terms.order_by("pk").distinct()[:1], by=secretary)


def comparable(body: Founded) -> list[Programme]:
    """Programmes with a standard in force for which there is live demand."""
    published: QuerySet[Edition] = Edition.objects.filter(
        standard__consortium=body.consortium, state=Edition.State.PUBLISHED
    )
    rows = Programme.objects.filter(pk__in=published.values("standard__programme"))
    found = rows.order_by("pk")[:COMPARED]
    return [one for one in found if comparing.demand_for(one, body.consortium).exists()]


def compare(programme: Programme, body: Founded, now: datetime) -> Snapshot:
    """As it stood a season ago, when fewer positions were open, and three days ago."""
    inputs = comparing.gather(programme, body.consortium)
    early = {posting["id"] for posting in inputs["postings"][::2]}
    before = inputs | {
        "postings": [posting for posting in inputs["postings"] if posting["id"] in early],
        "needs": [need for need in inputs["needs"] if need[1] in early],
    }
    season, recently = now - timedelta(days=95), now - timedelta(days=3)
    gaps.keep_comparison(programme, body.consortium, inputs=before, by=None, at=season)
    return gaps.keep_comparison(programme, body.consortium, inputs=inputs, by=None, at=recently)
