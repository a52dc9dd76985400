"""What is still missing before a practical exam can be announced."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext as _

from silian.education.examiners.models import Examiner
from silian.education.practicals import teams
from silian.education.practicals.models import Entrant, Panellist, Practical, Station, Turn
from silian.kernel.ui.formats import moment

WHOLE = 100


def missing(practical: Practical) -> list[str]:
    """In sentences, in the order in which an exam is prepared; nothing where all is settled."""
    rows = practical.stations.prefetch_related("criteria", "panel__examiner__user")
    stations = list(rows)
    return [
        *_stations(stations),
        *(line for station in stations for line in _rubric(station)),
        *(line for station in stations for line in _panel(practical, station)),
        *_unfit(practical),
        *_candidates(practical, stations),
        *_teams(practical, stations),
        *_twice(practical),
    ]


def _stations(stations: list[Station]) -> Iterator[str]:
    total = sum(station.weight for station in stations)
    if not stations:
        yield _("There is no station yet.")
    elif total != WHOLE:
        words = {"total": total}
        yield _("The weights of the stations add up to %(total)s, not to 100.") % words


def _rubric(station: Station) -> Iterator[str]:
    total = sum((one.points for one in station.criteria.all()), Decimal())
    words = {"station": station.name, "total": total.normalize().__format__("f")}
    if not station.criteria.all():
        yield _("%(station)s has no criteria yet.") % words
    elif total != WHOLE:
        yield _("%(station)s: the points add up to %(total)s, not to 100.") % words


def _panel(practical: Practical, station: Station) -> Iterator[str]:
    panel = list(station.panel.all())
    words = {"station": station.name, "there": len(panel), "needed": practical.examiners}
    if len(panel) < practical.examiners:
        yield _("%(station)s has %(there)s of %(needed)s examiners.") % words
    elif not any(one.chief for one in panel):
        yield _("%(station)s has no chief examiner.") % words


def _unfit(practical: Practical) -> Iterator[str]:
    rows = Examiner.objects.filter(stations__station__practical=practical).distinct()
    examiners = rows.select_related("user").prefetch_related("cards__occupation")
    yield from teams.unfit(practical, examiners).values()


def _candidates(practical: Practical, stations: list[Station]) -> Iterator[str]:
    entered = practical.entrants.count()
    if not entered:
        yield _("No candidate is entered yet.")
    elif practical.entrants.filter(draw=None).exists() or not planned(practical, stations, entered):
        yield _("The plan of turns is not drawn up yet.")


def planned(practical: Practical, stations: list[Station], entered: int) -> bool:
    """Does every candidate have a turn at every station?"""
    turns = Turn.objects.filter(entrant__practical=practical)
    return turns.count() == entered * len(stations)


def _teams(practical: Practical, stations: list[Station]) -> Iterator[str]:
    """Where too few examiners are left for somebody, or the chief must not judge them."""
    barred = teams.barred(practical)
    if not barred:
        return
    numbers = dict(Entrant.objects.filter(pk__in=barred).values_list("pk", "number"))
    for station in stations:
        panel = list(station.panel.all())
        for entrant, reasons in barred.items():
            out = [one for one in panel if one.examiner_id in reasons]
            short = len(panel) - len(out) < practical.examiners
            if out and (short or any(one.chief for one in out)):
                yield _too_few(station, out, numbers[entrant], short)


def _too_few(station: Station, out: list[Panellist], number: str, short: bool) -> str:
    names = "、".join(str(one.examiner) for one in out)
    words = {"station": station.name, "names": names, "number": number}
    if short:
        return (
            _("%(station)s: %(names)s must not judge candidate %(number)s, and too few are left.")
            % words
        )
    return _("%(station)s: the chief examiner must not judge candidate %(number)s.") % words


def _twice(practical: Practical) -> Iterator[str]:
    """The first time at which an examiner of several stations would have to be at two of them."""
    found = {clash.examiner: clash for clash in reversed(teams.at_two_places(practical))}
    for clash in found.values():
        words = {
            "name": clash.examiner,
            "station": clash.one.station.name,
            "other": clash.other.station.name,
            "when": moment(clash.other.during.lower),
        }
        yield (
            _("%(name)s would judge at %(station)s and %(other)s at the same time, %(when)s.")
            % words
        )


def progress(practical: Practical) -> dict[str, int]:
    """How much of it stands, for the page."""
    rows = Practical.objects.filter(pk=practical.pk).aggregate(
        stations=Count("stations", distinct=True),
        entered=Count("entrants", distinct=True),
        turns=Count("entrants__turns", distinct=True),
    )
    return dict(rows)
