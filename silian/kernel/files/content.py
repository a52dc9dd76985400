"""What a file is, found in its bytes; a name is only believed where the bytes agree."""

import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

HEAD = 8192  # bytes in which a type shows
UNPACKED_LIMIT = 20  # times the size limit: more than this inside an archive is a bomb
PARTS_LIMIT = 10_000
TYPES_LIMIT = 1_000_000  # bytes read of an archive's list of types
# All that zipfile raises where an archive is damaged, encrypted, or was made to be.
UNREADABLE = (zipfile.BadZipFile, zlib.error, LookupError, OSError, RuntimeError, ValueError)
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be stored, by the ending that its names have."""

    ending: str
    media_type: str
    part: str = ""  # for archives: what [Content_Types].xml, or the list of parts, must name


PDF = Kind("pdf", "application/pdf")
PNG, JPG, JPEG = Kind("png", "image/png"), Kind("jpg", "image/jpeg"), Kind("jpeg", "image/jpeg")
WEBP = Kind("webp", "image/webp")
DOCX = Kind("docx", f"{OFFICE}wordprocessingml.document", "wordprocessingml.document.main+xml")
PPTX = Kind("pptx", f"{OFFICE}presentationml.presentation", "presentationml.presentation.main+xml")
XLSX = Kind("xlsx", f"{OFFICE}spreadsheetml.sheet", "spreadsheetml.sheet.main+xml")
OFD = Kind("ofd", "application/ofd", "OFD.xml")  # GB/T 33190, what offices in China archive
CSV = Kind("csv", "text/csv")

IMAGES = frozenset({PNG, JPG, JPEG, WEBP})
SHEETS = frozenset({XLSX, CSV})
DOCUMENTS = frozenset({PDF, DOCX, PPTX, XLSX, OFD, PNG, JPG, JPEG})

OLD_OFFICE = {"doc": "docx", "xls": "xlsx", "ppt": "pptx", "wps": "docx", "et": "xlsx"}
MACROS = {"docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "potm", "ppsm"}
HAS_MACROS = gettext_lazy("The file contains macros. Save it without macros and upload it again.")


def check(file: "File[bytes]", kinds: Iterable[Kind]) -> Kind:
    """The kind of ``file``, or a ValidationError that says what to do about it."""
    allowed = {kind.ending: kind for kind in kinds}
    if not file.size:
        raise ValidationError(_("The file is empty."), code="empty")
    if file.size > settings.FILE_SIZE_LIMIT:
        limits = {"size": filesizeformat(file.size), "limit": filesizeformat(limit())}
        message = _("The file has %(size)s; at most %(limit)s may be uploaded.")
        raise ValidationError(message % limits, code="size")
    kind = allowed.get(ending_of(file.name or "")) or _refuse_ending(file.name or "", allowed)
    file.seek(0)
    if not _is(kind, file):
        message = _("The content is not that of a .%(ending)s file.")
        raise ValidationError(message % {"ending": kind.ending}, code="mismatch")
    file.seek(0)
    return kind


def limit() -> int:
    return int(settings.FILE_SIZE_LIMIT)


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower().lstrip(".")


def clean_name(name: str) -> str:
    """The uploader's name for it, without path, control or direction marks, 200 letters at most."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in bare if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    path = PurePath(unicodedata.normalize("NFC", visible).strip(" .") or "file")
    return f"{path.stem[: 200 - len(path.suffix)]}{path.suffix}"


def _refuse_ending(name: str, allowed: dict[str, Kind]) -> Kind:
    ending = ending_of(name)
    if ending in MACROS:
        raise ValidationError(HAS_MACROS, code="macros")
    if OLD_OFFICE.get(ending) in allowed:
        message = _("Files of type .%(ending)s are not taken. Save it as .%(newer)s first.")
        raise ValidationError(message % {"ending": ending, "newer": OLD_OFFICE[ending]}, code="old")
    message = _("Only these types of file are taken: %(endings)s.")
    endings = ", ".join(f".{each}" for each in sorted(allowed))
    raise ValidationError(message % {"endings": endings}, code="ending")


def _is(kind: Kind, file: "File[bytes]") -> bool:
    if kind.part:
        return _is_archive_of(kind, file)
    head = file.read(HEAD)
    if kind is CSV:
        return _is_text(head)
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return False
    return kind.media_type in {guess.mime_type for guess in found if guess.confidence >= 0.3}


def _is_archive_of(kind: Kind, file: "File[bytes]") -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _refuse_bomb(parts)
            names = {part.filename for part in parts}
            if kind is OFD:
                return kind.part in names
            types = archive.open("[Content_Types].xml").read(TYPES_LIMIT).decode("utf-8", "replace")
    except UNREADABLE:
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if macros or "macroEnabled" in types or "macrosheet" in types:
        raise ValidationError(HAS_MACROS, code="macros")
    return kind.part in types


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > PARTS_LIMIT or unpacked > UNPACKED_LIMIT * limit():
        raise ValidationError(_("The file unpacks to far too much data."), code="bomb")


def _is_text(head: bytes) -> bool:
    """Text in UTF-8 or in GB 18030, the two that spreadsheet programs in China write."""
    if b"\0" in head:
        return False
    return any(_decodes(head, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(head: bytes, encoding: str) -> bool:
    for cut in range(4):  # the head may end within a letter
        try:
            head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
