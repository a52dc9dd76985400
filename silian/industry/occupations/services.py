"""Keeping the vocabulary. Each function is one thing somebody does."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.industry.occupations.merging import is_used, repoint
from silian.industry.occupations.models import Former, Skill, Synonym, Term, word_of
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.codes.models import Code

# Under these names the record tells what a change did.
SYNONYMS, OCCUPATIONS = gettext_noop("synonyms"), gettext_noop("occupations")
MERGED, MOVED = gettext_noop("merged skill"), gettext_noop("entries moved")
FIELDS = "name_zh name_en kind about_zh about_en".split()


@transaction.atomic
def save_skill(
    skill: Skill,
    *,
    synonyms: Iterable[str] | None = None,
    occupations: Iterable[Code] | None = None,
    by: User,
) -> Skill:
    """Keep a new or changed skill; the record says what was and what is. None leaves as it is."""
    new, before = skill.pk is None, _told(skill)
    skill.save()
    if synonyms is not None:
        _set_synonyms(skill, synonyms)
    if occupations is not None:
        skill.occupations.set(occupations)
    after = _told(skill)
    changes = {} if new else {k: f"{before[k]} → {v}" for k, v in after.items() if before[k] != v}
    if new:
        record(skill, gettext_noop("Skill added"), by=by)
    elif changes:
        record(skill, gettext_noop("Skill changed"), by=by, **changes)
    return skill


@transaction.atomic
def enter_skills(rows: Sequence[dict[str, Any]], *, by: User) -> int:
    """Enter the skills of a sheet; one that is known by its Chinese name is brought up to date.

    An empty cell of synonyms or occupations leaves those of a known skill as they are.
    """
    for row in rows:
        facts = dict(row)
        related = {key: facts.pop(key, None) or None for key in ("synonyms", "occupations")}
        skill = Skill.objects.filter(name_zh=facts["name_zh"]).first() or Skill()
        for name, value in facts.items():
            setattr(skill, name, value)
        save_skill(skill, **related, by=by)
    return len(rows)


@transaction.atomic
def add_synonym(skill: Skill, text: str, *, by: User) -> Synonym:
    """Teach the vocabulary another word for ``skill``."""
    refuse_taken([text], except_for=skill)
    synonym = Synonym.objects.create(skill=skill, text=text.strip())
    record(skill, gettext_noop("Synonym added"), by=by, **{SYNONYMS: synonym.text})
    return synonym


@transaction.atomic
def drop_synonym(skill: Skill, text: str, *, by: User) -> None:
    for synonym in skill.synonyms.all():
        if word_of(synonym.text) == word_of(text):
            synonym.delete()
            record(skill, gettext_noop("Synonym dropped"), by=by, **{SYNONYMS: synonym.text})


@transaction.atomic
def merge_skill(double: Skill, *, into: Skill, by: User) -> Skill:
    """Make one of two skills that mean the same; words, occupations and all uses are kept."""
    keys = sorted([double.pk, into.pk])
    locked = {s.pk: s for s in Skill.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    if len(locked) != 2:
        raise ValidationError(_("A skill cannot be merged with itself, nor with one that is gone."))
    double, keeper = locked[double.pk], locked[into.pk]
    words = [double.name_zh, double.name_en, *double.synonyms.values_list("text", flat=True)]
    occupations, key, was = list(double.occupations.all()), double.pk, str(double)
    moved = repoint(double, keeper)
    record(double, gettext_noop("Merged into another skill"), by=by, **{MERGED: str(keeper)})
    double.delete()
    Former.objects.create(number=key, name_zh=words[0], skill=keeper)
    keeper.occupations.add(*occupations)
    _add_words(keeper, words)
    record(
        keeper, gettext_noop("A double was merged into it"), by=by, **{MERGED: was, MOVED: moved}
    )
    return keeper


@transaction.atomic
def remove_skill(skill: Skill, *, by: User) -> None:
    """Take a skill out again that nothing uses."""
    if is_used(skill):
        raise ValidationError(_("It is in use already; merge it into another skill instead."))
    record(skill, gettext_noop("Skill removed"), by=by)
    skill.delete()


def refuse_taken(words: Iterable[str], *, except_for: Skill | None = None) -> None:
    """Raise ValidationError where one of ``words`` means another skill already."""
    wanted = {word_of(word): word.strip() for word in words if word.strip()}
    taken = Term.objects.filter(word__in=wanted).select_related("skill")
    for term in taken.exclude(skill=except_for) if except_for and except_for.pk else taken:
        facts = {"word": wanted[term.word], "skill": term.skill}
        raise ValidationError(_("“%(word)s” already means the skill “%(skill)s”.") % facts)


def _set_synonyms(skill: Skill, texts: Iterable[str]) -> None:
    """Exactly these, each once, without the names themselves."""
    names = {word_of(skill.name_zh), word_of(skill.name_en)}
    wanted = {word_of(text): text.strip() for text in texts if text.strip()}
    wanted = {word: text for word, text in wanted.items() if word not in names}
    for synonym in skill.synonyms.all():
        if wanted.pop(word_of(synonym.text), None) is None:
            synonym.delete()
    Synonym.objects.bulk_create(Synonym(skill=skill, text=text) for text in wanted.values())


def _add_words(skill: Skill, words: Iterable[str]) -> None:
    _set_synonyms(skill, [*skill.synonyms.values_list("text", flat=True), *words])


def _told(skill: Skill) -> dict[str, str]:
    """What the record tells of a skill as the database holds it, by the names of its fields."""
    kept = Skill.objects.filter(pk=skill.pk).first()
    if kept is None:
        return {}
    told = {str(_untranslated(name)): str(getattr(kept, name)) for name in FIELDS}
    told[SYNONYMS] = "、".join(kept.synonyms.values_list("text", flat=True))
    told[OCCUPATIONS] = "、".join(kept.occupations.values_list("code", flat=True))
    return told


def _untranslated(name: str) -> Any:
    """The msgid by which a field is called."""
    return Skill._meta.get_field(name).verbose_name._args[0]  # type: ignore[union-attr]
