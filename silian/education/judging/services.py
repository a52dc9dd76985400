"""What examiners do beside writing: photos, and the signature that freezes a sheet."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.judging import log, policy
from silian.education.judging.filling import Filled, filled
from silian.education.judging.models import Excusal, Mark, Opening, Photo, Sheet
from silian.education.practicals.models import Criterion, Panellist, Turn
from silian.kernel import clock, seals
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files import services as files
from silian.kernel.files.content import JPEG, JPG, PNG
from silian.kernel.states import IllegalMove, move

PICTURES = frozenset({JPG, JPEG, PNG})


class Unready(Exception):
    """The sheet cannot be signed yet; ``facts`` says what the device has to do or to show."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(facts)
        self.facts = facts


@transaction.atomic
def keep_photo(  # noqa: PLR0913  a photo comes with that much
    page: Opening,
    turn: Turn,
    criterion: Criterion,
    *,
    key: UUID,
    upload: "UploadedFile[bytes]",
    age: Any,
    by: User,
) -> Photo:
    """Keep a photo, encrypted, once. Raises ValidationError where it is no picture."""
    panellist = Panellist.objects.select_for_update().get(pk=page.panellist_id)
    if known := Photo.objects.filter(key=key).first():
        return known
    now = clock.now()
    return Photo.objects.create(
        key=key,
        panellist=panellist,
        turn=turn,
        criterion=criterion,
        file=files.store(upload, by=by, kinds=PICTURES, sealed=True),
        said_at=log.believed(page, age, now),
        received_at=now,
    )


@transaction.atomic
def sign(  # noqa: PLR0913  what the device says, and what it saw
    panellist: Panellist,
    turn: Turn,
    *,
    opening: int,
    written: int,
    seen: Mapping[str, Any],
    factor: str,
    by: User,
) -> Sheet:
    """Freeze what the examiner ``seen`` on the page, under the seal of the installation.

    ``factor`` says how the examiner proved to be there. Signing twice gives the same sheet. Raises
    Unready while lines have not arrived, criteria are open, or the log says something else.
    """
    held = Panellist.objects.select_for_update().get(pk=panellist.pk)
    sheet, _new = Sheet.objects.get_or_create(turn=turn, panellist=held)
    if sheet.state == Sheet.State.SIGNED:
        return sheet
    if not (verdict := policy.may_sign(by, panellist, turn)):
        raise Unready(reason=verdict.reason)
    if numbers := log.missing(held, opening, written):
        raise Unready(missing=numbers[: log.MOST_LINES])
    sheet_now = filled(panellist, turn.pk)
    if sheet_now.open or sheet_now.unphotographed:
        raise Unready(open=sheet_now.open, photos=sheet_now.unphotographed)
    if dict(seen) != {f"{key}": said for key, said in sheet_now.responses.items()}:
        raise Unready(differs=log.answers_of(held, turn.pk).get(turn.pk, {}))
    _freeze(sheet, sheet_now, factor=factor, by=by)
    return sheet


def _freeze(sheet: Sheet, now: Filled, *, factor: str, by: User) -> None:
    Mark.objects.bulk_create(
        Mark(
            sheet=sheet,
            criterion_id=key,
            response=now.responses[key],
            points=mark.points,
            passed=mark.passed,
        )
        for key, mark in now.marks.items()
    )
    at = clock.now()
    photos = Photo.objects.filter(turn=sheet.turn, panellist=sheet.panellist).order_by("pk")
    digests = photos.values_list("file__sha256", flat=True)
    facts = content_of(sheet, now, digests) | {"signed_at": at.isoformat(), "factor": factor}
    move(sheet, Sheet.State.SIGNED, by=by, signed_at=at, **sealed_facts(now, facts))


def sealed_facts(now: Filled, content: Mapping[str, str]) -> dict[str, Any]:
    """What a signed sheet keeps beside its marks."""
    sealed = seals.seal(content)
    return {
        "total": now.total,
        "failed": now.failed,
        "comment": now.comment,
        "content": sealed.text,
        "sha256": sha256(sealed.text.encode()).hexdigest(),
        "key": sealed.key,
        "seal": sealed.seal,
    }


def content_of(sheet: Sheet, now: Filled, photos: Iterable[str]) -> dict[str, str]:
    """What an examiner signs: who judged whom at what, each response, and which photos."""
    turn, examiner = sheet.turn, sheet.panellist.examiner
    marks = [[key, now.responses[key], f"{mark.points:.2f}"] for key, mark in now.marks.items()]
    return {
        "practical": f"{turn.station.practical_id}",
        "station": f"{turn.station_id}",
        "turn": f"{turn.pk}",
        "entrant": turn.entrant.number,
        "examiner": f"{examiner.user_id} {examiner}",
        "marks": json.dumps(marks, separators=(",", ":"), ensure_ascii=False),
        "photos": " ".join(photos),
        "total": f"{now.total:.2f}",
        "failed": " ".join(f"{key}" for key in now.failed),
        "comment": now.comment,
    }


def still_holds(sheet: Sheet) -> bool:
    """Is the content what was sealed, and are the marks those of the content?"""
    if not seals.holds(sheet.content, sheet.key, sheet.seal):
        return False
    said = json.loads(json.loads(sheet.content)["marks"])
    kept = {mark.criterion_id: [mark.response, f"{mark.points:.2f}"] for mark in sheet.marks.all()}
    return {key: rest for key, *rest in said} == kept


@transaction.atomic
def excuse(turn: Turn, panellist: Panellist, *, reason: str, by: User) -> Excusal:
    """Do without the sheet of an examiner who cannot hand one in any more."""
    Panellist.objects.select_for_update().get(pk=panellist.pk)
    if Sheet.objects.filter(turn=turn, panellist=panellist, state=Sheet.State.SIGNED).exists():
        raise IllegalMove(f"{turn}: {panellist} has signed")
    excusal, new = Excusal.objects.get_or_create(
        turn=turn,
        panellist=panellist,
        defaults={"reason": reason, "by": by, "at": clock.now()},
    )
    if new:
        record(
            turn.station.practical,
            gettext_noop("Sheet done without"),
            by=by,
            turn=str(turn),
            examiner=str(panellist.examiner),
            reason=reason,
        )
    return excusal
