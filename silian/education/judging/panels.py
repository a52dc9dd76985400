"""Whose sheet a turn needs: the panel of its station, without those who may not judge somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from silian.education.examiners.models import Relation
from silian.education.judging.models import Excusal, Sheet
from silian.education.practicals.models import Panellist, Practical, Turn


@dataclass(frozen=True)
class Needed:
    """By turn: who judges it, and who of them has not signed yet."""

    judges: Mapping[int, list[Panellist]]
    missing: Mapping[int, list[Panellist]]


def barred(practical: Practical) -> set[tuple[int, int]]:
    """Pairs of panellist and turn that are kept apart: a relation, or the same organisation."""
    panel: dict[int, list[tuple[int, int, int | None]]] = {}
    examiners = Panellist.objects.filter(station__practical=practical)
    facts = examiners.values_list("station", "pk", "examiner", "examiner__organisation")
    for station, *one in facts:
        panel.setdefault(station, []).append(tuple(one))
    related = set(
        Relation.objects.filter(
            examiner__in=examiners.values("examiner"),
            person__practical_entries__practical=practical,
        ).values_list("examiner", "person")
    )
    turns = Turn.objects.filter(station__practical=practical)
    return {
        (panellist, turn)
        for turn, station, person, sender in turns.values_list(
            "pk", "station", "entrant__person", "entrant__organisation"
        )
        for panellist, examiner, employer in panel.get(station, ())
        if (examiner, person) in related or (employer and employer == sender)
    }


def needed(practical: Practical, turns: Iterable[Turn]) -> Needed:
    """A signed sheet counts, whatever is found out later: a correction is for that."""
    panel: dict[int, list[Panellist]] = {}
    rows = Panellist.objects.filter(station__practical=practical)
    for one in rows.select_related("examiner__user").order_by("-chief", "pk"):
        panel.setdefault(one.station_id, []).append(one)
    mine = {"turn__station__practical": practical}
    signed = Sheet.objects.filter(state=Sheet.State.SIGNED, **mine)
    done = set(signed.values_list("panellist", "turn"))
    excused = set(Excusal.objects.filter(**mine).values_list("panellist", "turn"))
    kept_off = (barred(practical) | excused) - done
    judges, missing = {}, {}
    for turn in turns:
        on_it = [one for one in panel.get(turn.station_id, []) if (one.pk, turn.pk) not in kept_off]
        judges[turn.pk] = on_it
        missing[turn.pk] = [one for one in on_it if (one.pk, turn.pk) not in done]
    return Needed(judges, missing)
