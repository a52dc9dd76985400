"""Turns in the calendars of those who work and of those who judge."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from silian.education.practicals.models import Practical, Turn
from silian.education.practicals.policy import own_stations
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event


@calendars.source
def turns_to_work(user: User) -> Iterable[Event]:
    rows = Turn.objects.filter(
        entrant__person__user=user, station__practical__state=Practical.State.ANNOUNCED
    )
    for turn in rows.select_related("station__practical"):
        yield Event(
            key=f"practical-turn-{turn.pk}",
            title=f"{turn.station.practical.title}: {turn.station.name}",
            start=turn.during.lower,
            end=turn.during.upper,
            place=turn.station.place,
            text=_("Desk %(desk)s") % {"desk": turn.desk},
            url=reverse("turns:mine"),
        )


@calendars.source
def stations_to_judge(user: User) -> Iterable[Event]:
    """From the first turn of a day to its last."""
    for station in own_stations(user).prefetch_related("turns"):
        days: dict[date, list[Turn]] = defaultdict(list)
        for turn in station.turns.all():
            days[localtime(turn.during.lower).date()].append(turn)
        practical = station.practical
        for day, turns in days.items():
            title = _("Judge: %(exam)s") % {"exam": f"{practical.title} · {station.name}"}
            yield Event(
                key=f"practical-station-{station.pk}-{day:%Y%m%d}",
                title=title,
                start=min(turn.during.lower for turn in turns),
                end=max(turn.during.upper for turn in turns),
                place=station.place,
                url=reverse(
                    "turns:station_plan", args=[practical.consortium, practical.pk, station.pk]
                ),
            )
