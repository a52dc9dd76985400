"""Drawing numbers and turns, and moving a turn. Each function is one thing somebody does."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.practicals.models import Entrant, Practical, Station, Turn
from silian.education.practicals.services import hold_draft
from silian.education.practicals.teams import at_two_places
from silian.education.turns.policy import kept
from silian.engines.rotation import Place, room_between, rotation
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.ui.formats import moment

MOST_DAYS = 30
BATCH = 2000
MINUTE = timedelta(minutes=1)


@transaction.atomic
def draw_plan(practical: Practical, *, by: User, seed: int) -> int:
    """Draw a number for everybody, and plan their turns in that order.

    The seed is written into the record, so that the draw can be repeated.
    """
    hold_draft(practical)
    entrants, stations = list(practical.entrants.order_by("number")), list(practical.stations.all())
    Random(seed).shuffle(entrants)  # noqa: S311  to be repeated, not kept secret
    turns = planned(practical, entrants, stations, seed)
    Turn.objects.filter(entrant__practical=practical).delete()
    practical.entrants.update(draw=None)
    for draw, entrant in enumerate(entrants, start=1):
        entrant.draw = draw
    Entrant.objects.bulk_update(entrants, ["draw"], batch_size=BATCH)
    Turn.objects.bulk_create(turns, batch_size=BATCH)
    text = gettext_noop("Numbers and turns drawn")
    record(practical, text, by=by, count=len(entrants), seed=seed)
    return len(turns)


def planned(
    practical: Practical, entrants: list[Entrant], stations: list[Station], seed: int
) -> list[Turn]:
    """The turns of everybody, not saved. ValidationError where the days are too short."""
    places = [Place(station.minutes, station.desks) for station in stations]
    breaks = list(breaks_of(practical))
    if not room_between(places, breaks):
        raise ValidationError(_("The longest station does not fit between two breaks of a day."))
    slots = rotation(len(entrants), places, gap=practical.changeover, breaks=breaks, seed=seed)
    ends = max((slot.end for slot in slots), default=0)
    if practical.ends_by and ends > breaks[-1][0]:
        raise ValidationError(_("The turns do not fit into %(days)s days.") % {"days": MOST_DAYS})
    begin = practical.begins_at
    return [
        Turn(
            entrant=entrants[slot.person],
            station=stations[slot.place],
            desk=slot.desk,
            during=DateTimeTZRange(begin + slot.start * MINUTE, begin + slot.end * MINUTE),
        )
        for slot in slots
    ]


def breaks_of(practical: Practical) -> Iterator[tuple[int, int]]:
    """When nobody works, in minutes from the first turn: breaks at noon, and nights."""
    begin = localtime(practical.begins_at)
    for day in range(MOST_DAYS):
        closed = []
        if practical.pauses_at and practical.resumes_at:
            closed.append((practical.pauses_at, practical.resumes_at, 0))
        if practical.ends_by:
            closed.append((practical.ends_by, begin.time(), 1))
        found = [_span(begin, day, *one) for one in closed]
        if len(found) > 1 and found[1][0] <= found[0][1]:  # the day ends within the break
            found = [(min(found[0][0], found[1][0]), found[1][1])]
        yield from (one for one in found if one[1] > 0)


def _span(begin: datetime, day: int, first: time, last: time, nights: int) -> tuple[int, int]:
    def minutes(hour: time, days: int) -> int:
        at = datetime.combine(begin.date() + timedelta(days=days), hour, begin.tzinfo)
        return int((at - begin) / MINUTE)

    return max(minutes(first, day), 0), minutes(last, day + nights)


# --- by hand ----------------------------------------------------------------------------


def conflicts(turn: Turn, desk: int, begins: datetime) -> list[str]:
    """What stands against moving a turn there, in sentences."""
    station, minutes = turn.station, turn.station.minutes
    ends = begins + minutes * MINUTE
    others = Turn.objects.exclude(pk=turn.pk).filter(during__overlap=_with_changeover(turn, begins))
    found = list(_closed(station.practical, begins, ends))
    if not 1 <= desk <= station.desks:
        found.append(_("The station has %(desks)s desks.") % {"desks": station.desks})
    for one in others.filter(station=station, desk=desk).select_related("entrant"):
        words = {"draw": one.entrant.draw, "when": moment(one.during.lower)}
        found.append(_("Number %(draw)s works at this desk from %(when)s.") % words)
    for one in others.filter(entrant=turn.entrant).select_related("station"):
        words = {"station": one.station.name, "when": moment(one.during.lower)}
        found.append(_("The candidate is at %(station)s from %(when)s.") % words)
    return found


def _with_changeover(turn: Turn, begins: datetime) -> DateTimeTZRange:
    """What a turn takes, and the time that candidate and desk need before and after."""
    gap = turn.station.practical.changeover * MINUTE
    return DateTimeTZRange(begins - gap, begins + turn.station.minutes * MINUTE + gap)


def _closed(practical: Practical, begins: datetime, ends: datetime) -> Iterator[str]:
    """Breaks and nights into which a turn would reach."""
    for first, last in breaks_of(practical):
        closes = practical.begins_at + first * MINUTE
        reopens = practical.begins_at + last * MINUTE
        if begins < reopens and ends > closes:
            words = {"from": moment(closes), "until": moment(reopens)}
            yield _("Nobody works from %(from)s to %(until)s.") % words


@transaction.atomic
def move_turn(turn: Turn, *, desk: int, begins: datetime, by: User) -> None:
    """To another time or desk. Whoever has it is told, once the exam is announced."""
    practical = turn.station.practical
    Turn.objects.select_for_update().get(pk=turn.pk)  # judging holds it too
    if kept([turn.pk]):
        raise ValidationError(_("Judging of this turn has begun."))
    if against := conflicts(turn, desk, begins):
        raise ValidationError(against)
    was = turn.during.lower
    turn.desk = desk
    turn.during = DateTimeTZRange(begins, begins + turn.station.minutes * MINUTE)
    try:
        with transaction.atomic():
            turn.save()
    except IntegrityError as clash:  # somebody else was faster
        raise ValidationError(_("Somebody has just planned another turn there.")) from clash
    if practical.state == Practical.State.ANNOUNCED:
        _insist_on_one_place(turn)
    facts = {"draw": turn.entrant.draw, "was": was.isoformat(), "to": begins.isoformat()}
    record(practical, gettext_noop("Turn moved by hand"), by=by, **facts)
    if practical.state == Practical.State.ANNOUNCED:
        text = gettext_noop("“%(exam)s”: your turn at %(station)s is now on %(when)s.")
        people = User.objects.filter(person=turn.entrant.person_id)
        words = {"exam": both(practical, "title"), "station": both(turn.station, "name")}
        when = f"{localtime(begins):%Y-%m-%d %H:%M}"
        notify(people, text, url=reverse("turns:mine"), when=when, **words)


def _insist_on_one_place(turn: Turn) -> None:
    """Nobody has to judge this turn while they judge another elsewhere."""
    for clash in at_two_places(turn.station.practical):
        if turn in (clash.one, clash.other):
            other = clash.other if clash.one == turn else clash.one
            words = {"name": clash.examiner, "station": other.station.name}
            raise ValidationError(_("%(name)s judges at %(station)s at that time.") % words)
