"""How the demo's practical exams were judged: one is over, one is going on just now."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import segno
from django.core.files.uploadedfile import SimpleUploadedFile

from silian.demo.testing.papers import drawn
from silian.education.judging.filling import Filled, reckoned
from silian.education.judging.models import (
    Interruption,
    Line,
    Mark,
    Opening,
    Performance,
    Photo,
    Sheet,
)
from silian.education.judging.panels import needed
from silian.education.judging.services import PICTURES, content_of, sealed_facts
from silian.education.practicals.models import Criterion, Panellist, Practical, Turn
from silian.education.scoresheets import services as deciding
from silian.education.scoresheets.scores import TurnResult
from silian.engines.rubric import Mark as Given
from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.kernel.files.models import StoredFile
from silian.kernel.files.services import store

MINUTE = timedelta(minutes=1)
LOST = 9 * MINUTE  # what a failure of equipment took
NOTE = "主轴报警，更换机床后继续"
REASON = (
    "听取考评组意见并复核程序单：切削参数偏保守，但工艺路线正确，两位考评员的评分均偏离评分细则，"
    "按细则裁定。"
)
SEALED = "total failed comment content sha256 key seal state signed_at".split()


def judge(consortium: Consortium, now: datetime) -> None:
    """The past exam with all its sheets, an arbitration and an interruption; today's in part."""
    for practical in Practical.objects.filter(
        consortium=consortium, stations__panel__gt=0
    ).distinct():
        if practical.state == Practical.State.CLOSED:
            _all_of(practical)
        elif practical.state == Practical.State.ANNOUNCED and practical.begins_at <= now:
            _so_far(practical, now)


# --- the past exam ----------------------------------------------------------------------


def _all_of(practical: Practical) -> None:
    turns = _turns(practical)
    missed = max(turn.entrant.draw or 0 for turn in turns)  # the last number did not come
    stopped = next(turn for turn in turns if turn.station.order == 1 and turn.entrant.draw == 4)
    Performance.objects.bulk_create(_over(turn, turn == stopped, missed) for turn in turns)
    Interruption.objects.create(
        performance=stopped.performance,
        cause=Interruption.Cause.EQUIPMENT,
        note=NOTE,
        began_at=stopped.during.lower + 20 * MINUTE,
        ended_at=stopped.during.lower + 20 * MINUTE + LOST,
        by=stopped.station.panel.all()[0].examiner.user,
    )
    judged = [turn for turn in turns if turn.entrant.draw != missed]
    _sign(practical, judged, picture=_picture(practical))
    _arbitrate(next(turn for turn in turns if _differ(turn)))


def _turns(practical: Practical) -> list[Turn]:
    rows = Turn.objects.filter(station__practical=practical).select_related("entrant")
    stations = {
        one.pk: one
        for one in practical.stations.prefetch_related("criteria", "panel__examiner__user")
    }
    turns = list(rows.order_by("during", "pk"))
    for turn in turns:
        turn.station = stations[turn.station_id]
        turn.station.practical = practical
    return turns


def _over(turn: Turn, stopped: bool, missed: int) -> Performance:
    if turn.entrant.draw == missed:
        return Performance(turn=turn, state=Performance.State.ABSENT)
    late = LOST if stopped else timedelta(0)
    early = int(8 * drawn(f"early{turn.entrant.draw}/{turn.station.order}")) * MINUTE
    ends_at = turn.during.upper + late
    return Performance(
        turn=turn,
        state=Performance.State.FINISHED,
        begun_at=turn.during.lower,
        ends_at=ends_at,
        finished_at=ends_at - early,
    )


def _picture(practical: Practical) -> StoredFile:
    """The label of the workpiece, as a tablet saw it."""
    image = io.BytesIO()
    segno.make(f"工件 {practical.pk}", error="m").save(image, kind="png", scale=6, border=3)
    upload = SimpleUploadedFile("photo.png", image.getvalue())
    by = practical.stations.all()[0].panel.all()[0].examiner.user
    return store(upload, by=by, kinds=PICTURES, sealed=True)


def _arbitrate(turn: Turn) -> None:
    """The chief decides the difference: halfway, in steps of a half."""
    sheets = turn.sheets.select_related("panellist__examiner__user").prefetch_related("marks")
    result = TurnResult(turn, sheets=list(sheets.order_by("-panellist__chief", "panellist")))
    common = deciding.common_marks(result)
    every = [mark for sheet in result.sheets for mark in sheet.marks.all()]
    marks = {one.criterion_id: one for one in every if one.criterion_id not in common}
    deciding.note_decision(
        result,
        common | {key: _halfway(every, key) for key in marks},
        arbiter=result.sheets[0].panellist.examiner,
        reason=REASON,
        at=turn.during.upper + 20 * MINUTE,
        by=result.sheets[0].panellist.examiner.user,
    )


def _halfway(marks: Iterable[Mark], key: int) -> Given:
    said = [mark for mark in marks if mark.criterion_id == key]
    points = sum((mark.points for mark in said), Decimal()) / len(said)
    if said[0].passed is None:
        return Given((points * 2).to_integral_value() / 2)
    return Given(max(mark.points for mark in said), passed=True)


# --- what examiners wrote -----------------------------------------------------------------


def _sign(practical: Practical, turns: Sequence[Turn], picture: StoredFile) -> None:
    """All sheets of these turns: open, with their marks, then under their seals."""
    judges = needed(practical, turns).judges
    pairs = [(turn, one) for turn in turns for one in judges[turn.pk]]
    sheets = Sheet.objects.bulk_create(Sheet(turn=turn, panellist=one) for turn, one in pairs)
    photos = list(_photos(pairs, picture))
    Photo.objects.bulk_create(photos)
    filled = [
        (sheet, reckoned(list(turn.station.criteria.all()), answers(turn, one), set()))
        for sheet, (turn, one) in zip(sheets, pairs, strict=True)
    ]
    Mark.objects.bulk_create(mark for sheet, now in filled for mark in _marks(sheet, now))
    Sheet.objects.bulk_create(
        (
            _signed(sheet, now, [one.file.sha256 for one in photos if _of(one, sheet)])
            for sheet, now in filled
        ),
        update_conflicts=True,
        unique_fields=["turn", "panellist"],
        update_fields=SEALED,
    )


def answers(turn: Turn, panellist: Panellist) -> dict[str, Any]:
    """A candidate is as good as their number says; examiners are a little kinder or stricter."""
    draw = turn.entrant.draw or 0
    skill = Decimal(str(round(0.66 + 0.3 * drawn(f"skill{draw}"), 2)))
    mood = Decimal(str(round(0.06 * drawn(f"mood{panellist.pk}/{turn.pk}") - 0.03, 2)))
    if draw == 3 and turn.station.order == 1:
        mood = {0: Decimal(0), 1: Decimal("0.25"), 2: Decimal("-0.35")}.get(
            [one.pk for one in turn.station.panel.all()].index(panellist.pk), mood
        )
    said = {f"{one.pk}": _answer(one, draw, skill, mood) for one in turn.station.criteria.all()}
    return said | {"comment": "操作熟练，工艺安排合理。" if skill > Decimal("0.9") else ""}


def _differ(turn: Turn) -> bool:
    """Where the examiners differ by more than the exam allows."""
    return (turn.entrant.draw, turn.station.order) == (3, 1)


def _answer(one: Criterion, draw: int, skill: Decimal, mood: Decimal) -> Any:
    luck = Decimal(str(drawn(f"luck{draw}/{one.order}/{one.name_zh}")))
    if one.kind == Criterion.Kind.JUDGED:
        share = min(Decimal(1), max(Decimal(0), skill + mood))
        return f"{((one.points * share * 2).to_integral_value() / 2):f}"
    if one.kind == Criterion.Kind.CHECKED:
        return draw != 7 if one.critical else luck < skill
    low, high = (one.nominal or 0) - (one.below or 0), (one.nominal or 0) + (one.above or 0)
    off = Decimal("1.2") if luck > skill else Decimal(1)
    return f"{low + (high - low) * off * luck:.3f}"


def _photos(pairs: Iterable[tuple[Turn, Panellist]], picture: StoredFile) -> Iterator[Photo]:
    for turn, one in pairs:
        for criterion in turn.station.criteria.all():
            if criterion.photo and one.chief:
                at = turn.during.upper - 2 * MINUTE
                yield Photo(
                    key=uuid5(NAMESPACE_OID, f"{turn.pk}/{one.pk}/{criterion.pk}"),
                    panellist=one,
                    turn=turn,
                    criterion=criterion,
                    file=picture,
                    said_at=at,
                    received_at=at + MINUTE,
                )


def _marks(sheet: Sheet, now: Filled) -> Iterator[Mark]:
    for key, one in now.marks.items():
        response = now.responses[key]
        yield Mark(
            sheet=sheet,
            criterion_id=key,
            response=response,
            points=one.points,
            passed=one.passed,
        )


def _of(photo: Photo, sheet: Sheet) -> bool:
    return (photo.turn_id, photo.panellist_id) == (sheet.turn_id, sheet.panellist_id)


def _signed(sheet: Sheet, now: Filled, photos: Sequence[str]) -> Sheet:
    at = sheet.turn.during.upper + 4 * MINUTE
    facts = content_of(sheet, now, photos) | {"signed_at": at.isoformat(), "factor": "password"}
    return Sheet(
        turn=sheet.turn,
        panellist=sheet.panellist,
        state=Sheet.State.SIGNED,
        signed_at=at,
        **sealed_facts(now, facts),
    )


# --- the exam of today --------------------------------------------------------------------


def _so_far(practical: Practical, now: datetime) -> None:
    """Turns that began as planned; one of them is over and waits for its chief's signature."""
    turns = [turn for turn in _turns(practical) if turn.during.lower <= now]
    first = [turn for turn in turns if turn.station.order == 1]
    if not first:
        return
    done = first[0]
    Performance.objects.bulk_create(
        Performance(
            turn=turn,
            state=Performance.State.FINISHED if turn == done else Performance.State.WORKING,
            begun_at=turn.during.lower,
            ends_at=turn.during.upper,
            finished_at=now - 3 * MINUTE if turn == done else None,
        )
        for turn in turns
    )
    for turn in first[1:2]:
        by: User = turn.station.panel.all()[0].examiner.user
        began = turn.during.lower + 6 * MINUTE
        Interruption.objects.create(
            performance=turn.performance,
            cause=Interruption.Cause.EQUIPMENT,
            note=NOTE,
            began_at=began,
            ended_at=began + LOST,
            by=by,
        )
        Performance.objects.filter(turn=turn).update(ends_at=turn.during.upper + LOST)
    _begin_sheet(done, now)


def _begin_sheet(turn: Turn, now: datetime) -> None:
    """The chief's tablet sent half of the sheet so far."""
    chief = turn.station.panel.all()[0]
    at = now - 10 * MINUTE
    Opening.objects.create(
        panellist=chief, number=1, device="demo-tablet-0000001", at=at, seen_at=now
    )
    said = answers(turn, chief)
    half = list(turn.station.criteria.all())[:3]
    Line.objects.bulk_create(
        Line(
            panellist=chief,
            opening=1,
            number=number,
            turn=turn,
            item=f"{one.pk}",
            response=said[f"{one.pk}"],
            said_at=at,
            received_at=at,
        )
        for number, one in enumerate(half, start=1)
    )
