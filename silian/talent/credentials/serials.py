"""Serials of certificates: taken under a lock, so that two who issue at once leave neither a gap
nor a double. What is rolled back was never given."""

from collections import Counter as Tally
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from silian.engines.numbering import Stem, skill_stem, stem
from silian.talent.credentials.models import Counter, Kind
from silian.talent.credentials.scales import Family, mark_of


def stem_of(kind: Kind, level: str, year: int) -> Stem:
    """What the numbers of this kind, level and year have in common."""
    mark = mark_of(kind.family, level, kind.letters)
    if kind.family == Family.SKILL:
        return skill_stem(kind.prefix, year=year, mark=mark)
    return stem(kind.pattern, prefix=kind.prefix, year=year, level=mark)


def take_numbers(kind: Kind, levels: Sequence[str], year: int) -> list[str]:
    """The next numbers for certificates of these levels, in their order; inside a transaction.

    Stems are locked in the order of their keys, so that two batches never wait for each other.
    """
    stems = {level: stem_of(kind, level, year) for level in set(levels)}
    wanted = Tally(stems[level].key for level in levels)
    last = {key: _advanced(key, wanted[key]) for key in sorted(wanted)}
    numbers = []
    for level in levels:
        found = stems[level]
        last[found.key] += 1
        try:
            numbers.append(found.number(last[found.key]))
        except ValueError as full:
            message = _("The serial numbers of %(stem)s are used up; change the pattern.")
            raise ValidationError(message % {"stem": found.before}, code="full") from full
    return numbers


def _advanced(key: str, by: int) -> int:
    """Move the counter on, and return where it stood."""
    Counter.objects.bulk_create([Counter(stem=key)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update().get(stem=key)
    before = counter.last
    counter.last += by
    counter.save(update_fields=["last"])
    return before
