"""Keeping what people upload, and handing it out again."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils.translation import gettext_noop

from silian.kernel import clock, vault
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files import content
from silian.kernel.files.content import DOCUMENTS, IMAGES, PDF, SHEETS, Kind
from silian.kernel.files.models import StoredFile

UNUSED_FOR = timedelta(days=7)

__all__ = ["DOCUMENTS", "IMAGES", "SHEETS", "clean", "read", "respond", "store"]

# What a browser may show by itself. A sandbox would keep Chromium's own PDF reader from starting.
SHOWN = {kind.media_type: "default-src 'none'; sandbox" for kind in IMAGES}
SHOWN[PDF.media_type] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
CLOSED = "default-src 'none'; sandbox"


@transaction.atomic
def store(
    upload: "UploadedFile[bytes]",
    *,
    by: User | None,
    kinds: frozenset[Kind] = DOCUMENTS,
    sealed: bool = False,
) -> StoredFile:
    """Keep ``upload``; raises ValidationError where it is too large or not one of ``kinds``.

    ``sealed`` keeps it encrypted: ``read`` opens it, and nobody can download it.
    """
    kind = content.check(upload, kinds)
    stored = StoredFile(
        name=content.clean_name(upload.name or ""),
        media_type=kind.media_type,
        size=upload.size or 0,
        sha256=_sha256(upload),
        by=by,
        sealed=sealed,
    )
    kept = ContentFile(vault.sealed_bytes(upload.read())) if sealed else upload
    stored.content.save(stored.name, kept, save=False)
    stored.save()
    record(stored, gettext_noop("File stored"), by=by, sha256=stored.sha256, size=stored.size)
    return stored


def read(stored: StoredFile) -> bytes:
    """The whole content, opened where it is sealed."""
    with stored.content.open() as content:
        kept: bytes = content.read()
    return vault.opened_bytes(kept) if stored.sealed else kept


def respond(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as an answer; the calling view has asked the policy of the file's owner first.

    ``inline`` shows images and PDF in the browser; everything else is always downloaded.
    """
    if stored.sealed:
        raise Http404
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


def clean() -> int:
    """Remove files that nothing has pointed at for days; returns how many.

    They come from forms that were given up and from transactions that were rolled back after
    the content was written.
    """
    before = clock.now() - UNUSED_FOR
    unused = StoredFile.objects.unused().filter(at__lt=before)
    removed = [_remove(stored) for stored in unused.iterator()]
    return len(removed) + sum(_remove_stray(path, before) for path in _paths(before))


@transaction.atomic
def _remove(stored: StoredFile) -> None:
    """The row first: content without a row is found again, a row without content is a loss."""
    path = stored.content.name or ""
    record(stored, gettext_noop("Unused file removed"), by=None, sha256=stored.sha256)
    stored.delete()
    transaction.on_commit(lambda: default_storage.delete(path))


def _paths(before: datetime) -> Iterator[str]:
    """Everything in storage that was put there in that month or earlier: 2026/11/…."""
    for year in _listed("", 0):
        for month in _listed(year, 0):
            if f"{year}/{month}" <= f"{before:%Y/%m}":
                yield from (f"{year}/{month}/{name}" for name in _listed(f"{year}/{month}", 1))


def _listed(folder: str, what: int) -> list[str]:
    """The folders (0) or files (1) in ``folder``, none where it does not exist yet."""
    try:
        return default_storage.listdir(folder)[what]
    except FileNotFoundError:
        return []


def _remove_stray(path: str, before: datetime) -> bool:
    if StoredFile.objects.filter(content=path).exists():
        return False
    if default_storage.get_modified_time(path) >= before:
        return False
    default_storage.delete(path)
    return True


def _sha256(upload: "UploadedFile[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
