"""Whose sheet a turn needs: the panel of its station, without those who may not judge somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from silian.education.judging.models import Excusal, Performance, Sheet
from silian.education.practicals import teams
from silian.education.practicals.models import Panellist, Practical, Station, Turn


@dataclass(frozen=True)
class Needed:
    """By turn: who judges it, and who of them has not signed yet."""

    judges: Mapping[int, list[Panellist]]
    missing: Mapping[int, list[Panellist]]


def barred(practical: Practical, station: Station | None = None) -> set[tuple[int, int]]:
    """Pairs of examiner and turn that are kept apart, in the whole exam or at one station."""
    apart = teams.barred(practical, station)
    turns = Turn.objects.filter(entrant__in=apart).values_list("pk", "entrant")
    return {(examiner, turn) for turn, entrant in turns for examiner in apart[entrant]}


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
    kept_apart = barred(practical)
    over = dict(Performance.objects.filter(**mine).values_list("turn", "finished_at"))
    judges, missing = {}, {}
    for turn in turns:
        ended = over.get(turn.pk)
        on_it = [
            one
            for one in panel.get(turn.station_id, [])
            if (one.pk, turn.pk) in done
            or (
                ((one.examiner_id, turn.pk) not in kept_apart and (one.pk, turn.pk) not in excused)
                and not (ended and one.since and ended < one.since)
            )  # who came later did not see it
        ]
        judges[turn.pk] = on_it
        missing[turn.pk] = [one for one in on_it if (one.pk, turn.pk) not in done]
    return Needed(judges, missing)
