"""Deciding what was read. Each function is one thing somebody does."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.authoring.services import hold
from silian.education.skillmap import reading
from silian.education.skillmap.models import Candidate, Suggestion
from silian.education.standards.models import Unit
from silian.industry.demand.models import Position
from silian.industry.occupations import services as vocabulary
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import move

SKILL = gettext_noop("skill")
State = Suggestion.State


@transaction.atomic
def accept_suggestions(
    suggestions: Iterable[Suggestion], *, levels: Mapping[int, int] | None = None, by: User
) -> int:
    """Confirm that these texts name these skills; ``levels`` are corrections by key."""
    count = 0
    for suggestion in suggestions:
        level = (levels or {}).get(suggestion.pk, suggestion.level)
        made = _link(suggestion, level)
        at = clock.now()
        move(
            suggestion, State.ACCEPTED, by=by, decided_by=by, decided_at=at, made=made, level=level
        )
        _tell_source(suggestion, gettext_noop("Skill confirmed from the text"), by)
        count += 1
    return count


@transaction.atomic
def reject_suggestions(suggestions: Iterable[Suggestion], *, by: User) -> int:
    """Say that these texts do not mean these skills; they are not suggested again."""
    count = 0
    for suggestion in suggestions:
        move(suggestion, State.REJECTED, by=by, decided_by=by, decided_at=clock.now())
        count += 1
    return count


@transaction.atomic
def undo_suggestion(suggestion: Suggestion, *, by: User) -> None:
    """Take a decision back; a skill that it added is taken out again."""
    if suggestion.made:
        if suggestion.unit:
            _touch(suggestion.unit)
        _links(suggestion).filter(skill=suggestion.skill).delete()
        _tell_source(suggestion, gettext_noop("Skill taken out again"), by)
    move(suggestion, State.WAITING, by=by, decided_by=None, decided_at=None, made=False)


def _link(suggestion: Suggestion, level: int) -> bool:
    """Give the position or unit its skill; false where it has it already."""
    if suggestion.unit:
        _touch(suggestion.unit)
    facts = {"skill": suggestion.skill, "defaults": {"level": level}}
    return bool(_links(suggestion).get_or_create(**facts)[1])


def _touch(unit: Unit) -> None:
    """Whoever has the unit open in a form is told that it was changed meanwhile."""
    hold(unit.edition)
    Unit.objects.filter(pk=unit.pk).update(version=F("version") + 1)


def _links(suggestion: Suggestion) -> Any:
    """The skills of the position, or those that the unit teaches."""
    if suggestion.position:
        return suggestion.position.skill_needs
    return suggestion.unit.taught  # type: ignore[union-attr]


def _tell_source(suggestion: Suggestion, action: str, by: User) -> None:
    source = suggestion.source
    subject = source if isinstance(source, Position) else source.edition
    record(subject, action, by=by, **{SKILL: str(suggestion.skill)})


# --- new terms --------------------------------------------------------------------------
@transaction.atomic
def add_term(
    candidate: Candidate, *, name_zh: str, name_en: str = "", kind: str, by: User
) -> Skill:
    """Take a proposed term into the vocabulary as a skill of its own."""
    vocabulary.refuse_taken([name_zh, name_en, candidate.text])
    skill = Skill(name_zh=name_zh.strip(), name_en=name_en.strip(), kind=kind)
    vocabulary.save_skill(skill, synonyms=[candidate.text], by=by)
    _decide(candidate, Candidate.State.ADDED, by=by, skill=skill)
    _read_again(candidate)
    return skill


@transaction.atomic
def add_terms(candidates: Iterable[Candidate], *, by: User) -> int:
    """Take several in at once, as they stand and as what they seem to be."""
    found = list(candidates)
    for candidate in found:
        add_term(candidate, name_zh=candidate.text, kind=candidate.kind, by=by)
    return len(found)


@transaction.atomic
def make_synonym(candidate: Candidate, *, of: Skill, by: User) -> None:
    """Make a proposed term another word for a skill."""
    vocabulary.add_synonym(of, candidate.text, by=by)
    _decide(candidate, Candidate.State.SYNONYM, by=by, skill=of)
    _read_again(candidate)


@transaction.atomic
def reject_terms(candidates: Iterable[Candidate], *, by: User) -> int:
    """These words are no skills; they are never proposed again."""
    count = 0
    for candidate in candidates:
        _decide(candidate, Candidate.State.REJECTED, by=by, skill=None)
        count += 1
    return count


@transaction.atomic
def undo_term(candidate: Candidate, *, by: User) -> None:
    """Take a decision on a term back, and out of the vocabulary what it put there."""
    state, skill = candidate.state, candidate.skill
    move(candidate, Candidate.State.WAITING, by=by, skill=None, decided_by=None, decided_at=None)
    if skill is None:
        return
    if state == Candidate.State.SYNONYM:
        vocabulary.drop_synonym(skill, candidate.text, by=by)
        return
    Suggestion.objects.filter(skill=skill, state=State.WAITING).delete()
    try:
        vocabulary.remove_skill(skill, by=by)
    except ValidationError as error:
        reason = _("“%(skill)s” is in use already.") % {"skill": skill}
        raise ValidationError(reason) from error


def _decide(candidate: Candidate, state: str, *, by: User, skill: Skill | None) -> None:
    move(candidate, state, by=by, skill=skill, decided_by=by, decided_at=clock.now())


def _read_again(candidate: Candidate) -> None:
    """Suggest the new word at once where it was seen."""
    words = reading.Words.load()
    joined = "position unit__edition__standard"
    seen = [sighting.source for sighting in candidate.sightings.select_related(*joined.split())]
    for kind in (Position, Unit):
        if sources := [source for source in seen if isinstance(source, kind)]:
            reading.read_batch(sources, words)
