"""Who judges at a station, and who sees what examiners wrote.

Nobody sees another examiner's points of a turn before signing their own sheet of it. The office
sees sheets once they are signed.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from silian.education.judging.models import Excusal, Performance, Photo, Sheet
from silian.education.judging.panels import barred
from silian.education.practicals.models import Panellist, Practical, Turn
from silian.education.practicals.policy import prepared_by
from silian.governance.roles.policy import Viewer
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Practical.State


def own_places(user: Viewer) -> QuerySet[Panellist]:
    """The stations at which ``user`` judges in announced exams, the next first."""
    rows = Panellist.objects.select_related(
        "station__practical__consortium", "station__practical__organiser", "examiner__user"
    )
    if not isinstance(user, User):
        return rows.none()
    mine = rows.filter(examiner__user=user, station__practical__state=State.ANNOUNCED)
    return mine.order_by("station__practical__begins_at", "station__order")


def sheets_of_past_exams(user: Viewer) -> QuerySet[Sheet]:
    """What ``user`` signed in exams that are closed, the latest first."""
    rows = visible_sheets(user).filter(turn__station__practical__state=State.CLOSED)
    if not isinstance(user, User):
        return rows.none()
    latest = ["-turn__station__practical__begins_at", "turn__station__practical", "panellist"]
    return rows.filter(panellist__examiner__user=user).order_by(*latest, "turn__entrant__draw")


def todays(places: Iterable[Panellist]) -> list[Panellist]:
    """Those where somebody has a turn today."""
    stations = {one.station_id for one in places}
    day = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    span = DateTimeTZRange(day, day + timedelta(days=1))
    turns = Turn.objects.filter(station__in=stations, during__overlap=span)
    having = set(turns.values_list("station", flat=True))
    return [one for one in places if one.station_id in having]


def judged_turns(panellist: Panellist) -> QuerySet[Turn]:
    """The turns that this examiner judges: not of those whom they know or work with, nor what was
    over before they came to the station."""
    apart = barred(panellist.station.practical, panellist.station)
    kept_off = [turn for examiner, turn in apart if examiner == panellist.examiner_id]
    rows = Turn.objects.filter(station=panellist.station_id).exclude(pk__in=kept_off)
    if panellist.since:
        rows = rows.exclude(performance__finished_at__lt=panellist.since)
    return rows.select_related("station__practical", "entrant", "performance").order_by(
        "during", "desk"
    )


def visible_sheets(user: Viewer) -> QuerySet[Sheet]:
    """Signed sheets: one's own, of turns that one has signed oneself, and for the office."""
    rows = Sheet.objects.filter(state=Sheet.State.SIGNED).select_related(
        "turn__entrant",
        "turn__station__practical__consortium",
        "panellist__station__practical__consortium",
        "panellist__examiner__user",
    )
    if not isinstance(user, User):
        return rows.none()
    office = prepared_by(user, "turn__station__practical__") & ~still_judges(user)
    return rows.filter(office | _own_or_signed(user))


def still_judges(user: User, turn: str = "turn", station: str = "turn__station") -> Q:
    """Is ``user`` at this station and has not signed? Then they see nobody else's points, not even
    for the office."""
    place = Panellist.objects.filter(
        station=OuterRef(station), examiner__user=user, station__practical__state=State.ANNOUNCED
    )
    signed = Sheet.objects.filter(
        turn=OuterRef(turn), panellist__examiner__user=user, state=Sheet.State.SIGNED
    )
    return Q(Exists(place)) & ~Q(Exists(signed))


def visible_photos(user: Viewer) -> QuerySet[Photo]:
    rows = Photo.objects.select_related("file", "criterion", "panellist__examiner__user")
    if not isinstance(user, User):
        return rows.none()
    office = prepared_by(user, "turn__station__practical__") & ~still_judges(user)
    return rows.filter(office | _own_or_signed(user))


def _own_or_signed(user: User) -> Q:
    mine = Sheet.objects.filter(
        turn=OuterRef("turn"), panellist__examiner__user=user, state=Sheet.State.SIGNED
    )
    return Q(panellist__examiner__user=user) | Q(Exists(mine))


def may_sign(user: Viewer, panellist: Panellist, turn: Turn) -> Verdict:
    """May this sheet be signed now? What is missing on it is another question."""
    if panellist.examiner.user_id != user.pk:
        return Verdict(_("Only the examiner in person signs a score sheet."))
    if panellist.station.practical.state != State.ANNOUNCED:
        return Verdict(_("The practical exam is not going on."))
    if not judged_turns(panellist).filter(pk=turn.pk).exists():
        return Verdict(_("You do not judge this candidate."))
    performance = Performance.objects.filter(turn=turn).first()
    if performance is None or performance.state != Performance.State.FINISHED:
        return Verdict(_("The turn is not finished yet."))
    if Excusal.objects.filter(turn=turn, panellist=panellist).exists():
        return Verdict(_("The office has done without this sheet."))
    return YES
