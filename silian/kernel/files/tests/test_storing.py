import hashlib
import struct

import pytest
from django import forms
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.utils import translation

from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.files import content, services
from silian.kernel.files.fields import UploadField
from silian.kernel.files.models import StoredFile
from silian.kernel.files.tests.factories import (
    JPEG,
    PDF,
    PNG,
    WEBP,
    make_archive,
    make_office,
    make_stored,
    make_upload,
    make_workbook,
)

pytestmark = pytest.mark.django_db

ALL = services.DOCUMENTS | services.IMAGES | services.SHEETS
MACRO_TYPES = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def refusal(name: str, data: bytes, kinds: frozenset[content.Kind] = ALL) -> str:
    with pytest.raises(ValidationError) as refused:
        services.store(make_upload(name, data), by=None, kinds=kinds)
    assert not StoredFile.objects.exists()
    return str(refused.value.code)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("协议.pdf", PDF, "application/pdf"),
        ("图.PNG", PNG, "image/png"),
        ("photo.jpg", JPEG, "image/jpeg"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("photo.webp", WEBP, "image/webp"),
        ("名单.xlsx", make_workbook(), content.XLSX.media_type),
        ("稿.docx", make_office("docx"), content.DOCX.media_type),
        ("稿.pptx", make_office("pptx"), content.PPTX.media_type),
        ("公文.ofd", make_archive({"OFD.xml": "<ofd/>"}), "application/ofd"),
        ("名单.csv", "姓名,单位\n张三,一厂\n".encode(), "text/csv"),
        ("名单.csv", "姓名,单位\n张三,一厂\n".encode("gb18030"), "text/csv"),
    ],
)
def test_what_may_be_stored(name: str, data: bytes, media_type: str) -> None:
    user = make_user()
    stored = services.store(make_upload(name, data), by=user, kinds=ALL)
    assert (stored.media_type, stored.size, stored.by) == (media_type, len(data), user)
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.content.open("rb").read() == data
    assert stored.name not in stored.content.name
    assert Entry.objects.get(action="File stored").detail["sha256"] == stored.sha256


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.pdf", b"", "empty"),
        ("virus.exe", b"MZ" + b"\0" * 100, "ending"),
        ("virus.pdf", b"MZ" + b"\0" * 100, "mismatch"),
        ("page.png", b"<html><script>alert(1)</script></html>", "mismatch"),
        ("image.pdf", PNG, "mismatch"),
        ("nothing", PDF, "ending"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old"),
        ("secret.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "mismatch"),
        ("book.xlsm", make_workbook(), "macros"),
        ("book.xlsx", make_office("xlsx", **{"xl/vbaProject.bin": b"x"}), "macros"),
        ("book.xlsx", make_archive({"[Content_Types].xml": MACRO_TYPES}), "macros"),
        ("book.xlsx", make_office("docx"), "mismatch"),
        ("book.xlsx", make_archive({"a.txt": "a"}), "mismatch"),
        ("book.xlsx", make_workbook()[:200], "mismatch"),
        ("binary.csv", b"a,b\0\1\n", "mismatch"),
    ],
)
def test_what_may_not(name: str, data: bytes, code: str) -> None:
    assert refusal(name, data) == code


def test_too_large(settings: LazySettings) -> None:
    settings.FILE_SIZE_LIMIT = 10
    assert refusal("a.pdf", PDF) == "size"


def test_bombs(settings: LazySettings) -> None:
    settings.FILE_SIZE_LIMIT = 50_000
    assert refusal("a.docx", make_office("docx", big=b"\0" * 1_100_000)) == "bomb"
    settings.FILE_SIZE_LIMIT = 5_000_000
    parts = {str(number): b"" for number in range(10_001)}
    assert refusal("a.docx", make_office("docx", **parts)) == "bomb"


def test_a_broken_directory_is_no_archive() -> None:
    data = bytearray(make_workbook())
    end = data.rindex(b"PK\5\6")
    struct.pack_into("<I", data, end + 16, 2**31)
    assert refusal("a.xlsx", bytes(data)) == "mismatch"


def test_only_the_kinds_that_were_asked_for() -> None:
    assert refusal("a.pdf", PDF, services.SHEETS) == "ending"
    assert refusal("旧.doc", PDF, services.SHEETS) == "ending"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\文件\\章程.pdf", "章程.pdf"),
        ("../../etc/passwd", "passwd"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("…" * 300 + ".pdf", "…" * 196 + ".pdf"),
        ("..", "file"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert content.clean_name(given) == kept


class UploadForm(forms.Form):
    file = UploadField(kinds=services.IMAGES)


def test_the_field_says_what_to_do_beside_itself() -> None:
    form = UploadForm({}, {"file": make_upload("a.pdf", PDF)})
    assert form.errors["file"] == ["Only these types of file are taken: .jpeg, .jpg, .png, .webp."]
    with translation.override("zh-hans"):
        assert "只接受" in str(UploadForm({}, {"file": make_upload("a.pdf", PDF)}).errors)
        assert 'accept=".jpeg,.jpg,.png,.webp"' in str(form["file"])
    good = UploadForm({}, {"file": make_upload("a.png", PNG)})
    assert good.is_valid(), good.errors
    assert services.store(good.cleaned_data["file"], by=None, kinds=services.IMAGES)


def test_downloads_are_safe_and_keep_their_chinese_name() -> None:
    response = services.respond(make_stored(name="章程 2026.pdf"))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E7%AB%A0%E7%A8%8B%202026.pdf"
    )
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_only_images_and_pdf_are_shown_in_the_browser() -> None:
    shown = services.respond(make_stored(name="图.png", content=PNG), inline=True)
    assert shown["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown["Content-Security-Policy"]
    sheet = make_stored(name="表.xlsx", content=make_workbook())
    assert services.respond(sheet, inline=True)["Content-Disposition"].startswith("attachment")
