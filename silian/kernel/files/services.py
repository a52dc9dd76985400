"""Keeping what people upload, and handing it out again."""

import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files import content
from silian.kernel.files.content import DOCUMENTS, IMAGES, PDF, SHEETS, Kind
from silian.kernel.files.models import StoredFile

__all__ = ["DOCUMENTS", "IMAGES", "SHEETS", "respond", "store"]

# What a browser may show by itself. A sandbox would keep Chromium's own PDF reader from starting.
SHOWN = {kind.media_type: "default-src 'none'; sandbox" for kind in IMAGES}
SHOWN[PDF.media_type] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
CLOSED = "default-src 'none'; sandbox"


@transaction.atomic
def store(
    upload: "UploadedFile[bytes]", *, by: User | None, kinds: frozenset[Kind] = DOCUMENTS
) -> StoredFile:
    """Keep ``upload``; raises ValidationError where it is too large or not one of ``kinds``."""
    kind = content.check(upload, kinds)
    stored = StoredFile(
        name=content.clean_name(upload.name or ""),
        media_type=kind.media_type,
        size=upload.size or 0,
        sha256=_sha256(upload),
        by=by,
    )
    stored.content.save(stored.name, upload, save=False)
    stored.save()
    record(stored, gettext_noop("File stored"), by=by, sha256=stored.sha256, size=stored.size)
    return stored


def respond(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as an answer; the calling view has asked the policy of the file's owner first.

    ``inline`` shows images and PDF in the browser; everything else is always downloaded.
    """
    shown = inline and stored.media_type in SHOWN
    response = FileResponse(
        stored.content.open("rb"),
        as_attachment=not shown,
        filename=stored.name,
        content_type=stored.media_type,
    )
    response["Content-Length"] = str(stored.size)
    response["Content-Security-Policy"] = SHOWN[stored.media_type] if shown else CLOSED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


def _sha256(upload: "UploadedFile[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
