"""Which examiner may judge what, and whose team is too small for a candidate.

Whoever shows or counts scores asks here: an examiner who must not judge a candidate is left out
for that candidate, and the others of the station are enough (readiness).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from silian.education.examiners.models import Examiner
from silian.education.examiners.policy import may_examine, may_face
from silian.education.practicals.models import Entrant, Panellist, Practical, Station, Turn
from silian.kernel.verdicts import Verdict

Barred = dict[int, dict[int, str]]  # by candidate, then by examiner: why


def days_of(practical: Practical) -> tuple[date, date]:
    """The day of the first turn and that of the last."""
    rows = practical.stations.aggregate(last=Max("turns__during__endswith"))
    last = rows["last"] or practical.begins_at
    return localtime(practical.begins_at).date(), localtime(max(last, practical.begins_at)).date()


def may_judge(examiner: Examiner, practical: Practical, entrant: Entrant | None = None) -> Verdict:
    """May ``examiner`` judge in this exam at all, and this candidate?"""
    fit = _fit(examiner, practical, days_of(practical), _taking(practical))
    return fit and _apart(examiner, entrant)


def _taking(practical: Practical) -> set[int]:
    """Accounts of those who take this exam."""
    known = practical.entrants.filter(person__user__isnull=False)
    return set(known.values_list("person__user", flat=True))


def _fit(
    examiner: Examiner, practical: Practical, days: tuple[date, date], taking: set[int]
) -> Verdict:
    if examiner.user_id in taking:
        return Verdict(_("They take this exam themselves."))
    verdicts = (
        may_examine(examiner, practical.occupation, practical.level, on=day) for day in days
    )
    return next((verdict for verdict in verdicts if not verdict), Verdict())


def _apart(examiner: Examiner, entrant: Entrant | None) -> Verdict:
    return may_face(examiner, entrant.person, entrant.organisation_id) if entrant else Verdict()


def unfit(practical: Practical, examiners: Iterable[Examiner]) -> dict[int, str]:
    """By examiner: who must not judge in this exam, and why. They come with their cards."""
    days, taking = days_of(practical), _taking(practical)
    found = {one: _fit(one, practical, days, taking) for one in examiners}
    return {
        one.pk: _("%(name)s: %(reason)s") % {"name": one, "reason": verdict.reason}
        for one, verdict in found.items()
        if not verdict
    }


def barred(practical: Practical, station: Station | None = None) -> Barred:
    """Which examiners must not judge which candidates, in the whole exam or at one station."""
    stations = [station] if station else practical.stations.all()
    rows = Examiner.objects.filter(stations__station__in=stations).distinct()
    examiners = list(rows.prefetch_related("relations"))
    found: Barred = defaultdict(dict)
    for entrant in practical.entrants.select_related("person"):
        for examiner in examiners:
            verdict = _apart(examiner, entrant)
            if not verdict:
                found[entrant.pk][examiner.pk] = verdict.reason
    return dict(found)


@dataclass(frozen=True)
class Clash:
    """Two turns at different stations, at the same time, for one examiner."""

    examiner: Examiner
    one: Turn
    other: Turn


def at_two_places(practical: Practical) -> list[Clash]:
    """Where examiners of several stations would have to judge at two of them at once."""
    places: dict[Examiner, set[int]] = defaultdict(set)
    rows = Panellist.objects.filter(station__practical=practical)
    for one in rows.select_related("examiner__user"):
        places[one.examiner].add(one.station_id)
    several = {examiner: stations for examiner, stations in places.items() if len(stations) > 1}
    if not several:
        return []
    apart = barred(practical)
    turns = Turn.objects.filter(station__practical=practical).select_related("station")
    in_order = list(turns.order_by("during", "pk"))
    found: list[Clash] = []
    for examiner, stations in several.items():
        mine = [turn for turn in in_order if turn.station_id in stations]
        judged = (turn for turn in mine if examiner.pk not in apart.get(turn.entrant_id, {}))
        found += _clashes(examiner, judged)
    return found


def _clashes(examiner: Examiner, turns: Iterable[Turn]) -> Iterator[Clash]:
    """Turns come in the order in which they begin."""
    running: list[Turn] = []
    for turn in turns:
        running = [one for one in running if one.during.upper > turn.during.lower]
        for one in running:
            if one.station_id != turn.station_id:
                yield Clash(examiner, one, turn)
        running.append(turn)
