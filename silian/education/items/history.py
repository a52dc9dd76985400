"""Where items were used and how they did. The apps that hold exams tell it here.

``record_use`` when a paper was sat, ``record_statistics`` when it was scored; told again, the same
exam stays one use. What exams measured becomes the difficulty that papers are assembled by.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import F, FloatField, Sum
from django.db.models.functions import Cast

from silian.education.items.models import Item, Use, Version
from silian.engines.itemstats import Statistics

ENOUGH = 30  # people, before a measured facility says more than the author's judgement


@transaction.atomic
def record_use(
    versions: Iterable[Version],
    *,
    source: str,
    label: Mapping[str, str],
    on: date,
    group: str = "",
) -> None:
    """Somebody saw these: ``source`` names the exam, ``group`` who sat it."""
    Use.objects.bulk_create(
        [
            Use(
                version=version,
                source=source,
                group=group,
                label_zh=label["zh"],
                label_en=label.get("en", ""),
                on=on,
            )
            for version in versions
        ],
        update_conflicts=True,
        unique_fields=["version", "source"],
        update_fields=["group", "label_zh", "label_en", "on"],
    )


@transaction.atomic
def record_statistics(source: str, figures: Mapping[int, Statistics]) -> None:
    """How the versions (by key) did in the exam that ``record_use`` was told of."""
    uses = list(Use.objects.filter(source=source, version__in=figures).select_related("version"))
    for use in uses:
        found = figures[use.version_id]
        use.taken, use.facility = found.taken, found.facility
        use.discrimination = found.discrimination
        use.choices = {choice: list(counts) for choice, counts in found.choices.items()}
    Use.objects.bulk_update(uses, ["taken", "facility", "discrimination", "choices"])
    measure({use.version.item_id for use in uses})


def measure(items: Iterable[int]) -> None:
    """Keep the difficulty of items that enough people took: 1 less the mean facility."""
    rows = Use.objects.filter(version__item__in=list(items), taken__gt=0)
    weighted = Cast(F("taken"), FloatField()) * F("facility")
    sums = rows.order_by().values("version__item").annotate(n=Sum("taken"), got=Sum(weighted))
    known = {row["version__item"]: row for row in sums if row["n"] >= ENOUGH}
    changed = list(Item.objects.filter(pk__in=known))
    for item in changed:
        item.measured = 1 - known[item.pk]["got"] / known[item.pk]["n"]
    Item.objects.bulk_update(changed, ["measured"])


def seen_by(group: str, since: date) -> set[int]:
    """Keys of the items that a group saw since a day, in whichever version."""
    rows = Use.objects.filter(group=group, on__gte=since)
    return set(rows.values_list("version__item", flat=True)) if group else set()
