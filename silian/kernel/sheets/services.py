"""A spreadsheet's way in: brought, checked, confirmed, imported as a whole or not at all."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.kernel import clock, states
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files import services as files
from silian.kernel.files.content import Kind
from silian.kernel.sheets import cells
from silian.kernel.sheets.checking import Findings, Problem, examine
from silian.kernel.sheets.models import Import
from silian.kernel.sheets.policy import Place, place_named
from silian.kernel.sheets.reading import Grid, Unreadable, read
from silian.kernel.sheets.registry import Progress

KINDS = files.SHEETS | {Kind("xls", "application/vnd.ms-excel")}
PROBLEMS_KEPT = 10_000
PREVIEW_ROWS = 10

logger = logging.getLogger(__name__)


class Busy(Exception):
    """Somebody is importing this file at this moment."""


def quietly(done: int) -> None:
    """The progress of work that nobody watches."""


@transaction.atomic
def bring(place: Place, upload: "UploadedFile[bytes]", *, by: User) -> Import:
    """Keep an uploaded file; nothing of it is read into tables yet."""
    file = files.store(upload, by=by, kinds=KINDS, sealed=place.sheet.sealed)
    found = Import.objects.create(
        sheet=place.sheet.name,
        scope=place.text,
        file=file,
        sha256=file.sha256,
        language=translation.get_language() or "zh-hans",
        by=by,
    )
    record(found, gettext_noop("Spreadsheet uploaded"), by=by, sheet=found.sheet)
    return found


def check(found: Import, *, by: User, progress: Progress = quietly) -> None:
    """The dry run: find every error. Does nothing where the file was checked meanwhile."""
    if found.state != Import.State.UPLOADED:
        return
    with translation.override(found.language):
        try:
            findings = look_through(found, progress)
        except Unreadable as error:
            states.move(found, Import.State.FAILED, by=by, failure=str(error))
        else:
            states.move(found, Import.State.CHECKED, by=by, **summary_of(findings))


@transaction.atomic
def recheck(found: Import, *, by: User) -> None:
    """Back to the dry run: what the file is checked against may have changed, or work has died."""
    with held(found):
        if found.state != Import.State.UPLOADED:
            states.move(found, Import.State.UPLOADED, by=by, failure="")


def confirm(found: Import, *, by: User) -> None:
    """Decide to import; only one of two people who do so at once succeeds."""
    states.move(found, Import.State.IMPORTING, by=by)


def carry_out(found: Import, *, by: User, progress: Progress = quietly) -> None:
    """Import a confirmed file: all of its rows, or none and the reason why.

    Can be called again after the process that did so was killed: until the end nothing is written.
    """
    with translation.override(found.language):
        findings = look_through(found, progress)
        if findings.problems:
            states.move(found, Import.State.CHECKED, by=by, **summary_of(findings))
            return
        try:
            save(found, findings, by, lambda done: progress(findings.total + done))
        except Busy:
            return
        except Exception as error:
            logger.exception("Import %s failed", found.pk)
            states.move(found, Import.State.FAILED, by=by, failure=reason_of(error))


@transaction.atomic
def save(found: Import, findings: Findings, by: User, progress: Progress) -> None:
    with held(found):
        if found.state == Import.State.IMPORTING:
            place = place_of(found)
            saved = place.sheet.save(findings.rows, place.scope, by=by, progress=progress)
            states.move(found, Import.State.DONE, by=by, saved=saved, finished_at=clock.now())


@contextmanager
def held(found: Import) -> Iterator[None]:
    """Hold the import until the transaction ends. Whoever works on it holds it: see ``Busy``."""
    try:
        found.refresh_from_db(from_queryset=Import.objects.select_for_update(nowait=True))
    except OperationalError:
        raise Busy from None
    yield


def look_through(found: Import, progress: Progress = quietly) -> Findings:
    place = place_of(found)
    return examine(place.sheet, place.scope, grid_of(found), progress)


def grid_of(found: Import) -> Grid:
    return read(files.read(found.file))


def place_of(found: Import) -> Place:
    place = place_named(found.sheet, found.scope)
    if place is None:
        raise Unreadable(_("The place that this file was meant for is gone."))
    return place


def problems_of(found: Import) -> list[Problem]:
    return [Problem(*problem) for problem in found.problems]


def summary_of(findings: Findings) -> dict[str, Any]:
    """What an import keeps of its dry run."""
    fields = findings.fields
    sample = findings.rows[:PREVIEW_ROWS]
    columns = list(sample[0].data) if sample else []
    return {
        "total": findings.total,
        "good": len(findings.rows),
        "problem_count": len(findings.problems),
        "problems": [astuple(problem) for problem in findings.problems[:PROBLEMS_KEPT]],
        "warnings": findings.warnings,
        "outlook": findings.outlook,
        "preview": {
            "columns": columns,
            "rows": [
                [row.number, *(cells.localized(row[name], fields[name]) for name in columns)]
                for row in sample
            ],
        },
    }


def reason_of(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "\n".join(error.messages)
    if isinstance(error, IntegrityError):
        return _("What is stored has changed since the file was checked. Check it again.")
    return _("Something unexpected happened; nothing was written.")
