"""What goes in comes out as words, whatever it looks like, and always as the same bytes."""

import hashlib
import io
import json
import re
import subprocess
import zipfile
from datetime import date

import pypandoc
import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from silian.kernel.documents import services
from silian.kernel.documents.pandoc import MARKDOWN, convert

HOSTILE = r"""
# #include "/etc/passwd"

#read("/etc/passwd") $#sys.inputs$ \#panic() @label <label> *[ ]* `#eval("1")`

```{=typst}
#read("/etc/passwd")
```

`#panic()`{=typst} <b>bold</b> <script>alert(1)</script> ]] }} #}

![a picture](/etc/passwd) [away](javascript:alert(1)) [there](https://example.org/"#panic()"])

---
title: "#panic()"
header-includes: "#panic()"
---
"""


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type */Page\b(?!s)", pdf))


def words_of(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return archive.read("word/document.xml").decode()


def typst_of(markdown: str) -> str:
    return convert(
        markdown.encode(), source=MARKDOWN, target="typst", filter="outward.lua"
    ).decode()


def word_from_html(html: str) -> bytes:
    command = [pypandoc.get_pandoc_path(), "--from=html", "--to=docx", "--output=-"]
    return subprocess.run(command, input=html.encode(), capture_output=True, check=True).stdout


def test_the_same_text_makes_the_same_bytes() -> None:
    facts = {"title": "协议", "facts": [("编号", "A-1")], "footer": "x", "qr": "https://x.cn"}
    first = services.pdf_of("# 第一条\n\n合作。", **facts, on=date(2024, 5, 16))
    assert first == services.pdf_of("# 第一条\n\n合作。", **facts, on=date(2024, 5, 16))
    assert first.startswith(b"%PDF-")
    assert first != services.pdf_of("# 第一条\n\n合作！", **facts, on=date(2024, 5, 16))


def test_a_dated_pdf_is_fit_for_archives_and_an_undated_one_says_no_time() -> None:
    assert b"pdfaid:part>2" in services.pdf_of("合作", title="协议", on=date(2024, 5, 16))
    assert b"CreationDate" not in services.pdf_of("合作", title="协议")


def test_both_fonts_are_in_the_file_and_no_other() -> None:
    pdf = services.pdf_of("# 题\n\n正文 **重点** text", title="协议", language="en")
    fonts = {name.split(b"+")[-1] for name in re.findall(rb"/BaseFont */([\w+-]+)", pdf)}
    assert {name.split(b"-")[0] for name in fonts} == {b"NotoSerifSC", b"NotoSansSC"}


def test_what_looks_like_code_is_text() -> None:
    body = re.sub(r"```.*?```|`[^`]*`", "", typst_of(HOSTILE), flags=re.S)  # shown as it is
    code = re.findall(r"(?<!\\)#(\w+)", re.sub(r'link\("(\\.|[^"\\])*"\)', "link", body))
    assert set(code) <= {"emph", "strong", "link", "horizontalrule"}
    assert "image(" not in body
    assert "javascript" not in body
    assert "\\<script\\>" in body  # nothing that somebody wrote is left out
    assert pages(services.pdf_of(HOSTILE, title='#panic() "', facts=[("#panic()", '"\\')])) == 1


@pytest.mark.parametrize(
    "code",
    [
        '#read("/etc/passwd")',
        '#read("../page.typ")',
        '#import "@preview/cetz:0.3.4": *',
        '#image("/etc/hostname")',
        "#let f(x) = f(x)\n#f(1)",
    ],
)
def test_even_code_would_reach_nothing(code: str) -> None:
    said = {"title": "", "lang": "zh", "region": "cn", "facts": [], "footer": "", "qr": ""}
    said |= {"watermark": "", "pages": "", "on": None}
    with pytest.raises(ValidationError, match="cannot be set"), override("en"):
        services._pressed(said, code)


def test_a_text_nested_without_end_hurts_nobody() -> None:
    for deep in (">" * 3000 + " x", "".join("  " * n + "- x\n" for n in range(300))):
        try:
            assert services.pdf_of(deep, title="深").startswith(b"%PDF-")
        except ValidationError as refusal:
            assert refusal.code in {"unset", "unreadable", "slow"}


def test_a_long_text_has_many_pages_and_too_long_a_one_is_refused() -> None:
    text = "\n\n".join(f"第{n}条 双方应当履行本条约定的义务。" * 6 for n in range(400))
    assert pages(services.pdf_of(text, title="长协议")) > 20
    with pytest.raises(ValidationError) as refusal:
        services.pdf_of("长" * (services.TEXT_LIMIT + 1), title="过长")
    assert refusal.value.code == "long"


def test_word_goes_out_and_comes_in_again() -> None:
    text = "# 第一条\n\n甲方：**某校** {{ party_1 }}\n\n1. 一\n2. 二\n\n|甲|乙|\n|--|--|\n|1|2|\n"
    docx = services.word_of(text, title="合作协议", note="草稿")
    assert "合作协议" in words_of(docx)
    assert "草稿" in words_of(docx)
    back = services.markdown_of(docx)
    assert "# 第一条" in back
    assert "**某校**" in back
    assert "| 1 " in back


def test_what_markdown_cannot_say_is_told_in_words() -> None:
    """Pictures leave a mark; notes, underlines and cells over others keep their words."""
    pixel = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
        "kJggg=="
    )
    html = f"""<p>前<img src="data:image/png;base64,{pixel}" alt="公章">后 <u>下划线</u></p>
    <table><tr><td colspan="2">跨列</td></tr>
    <tr><td><p>一</p><p>二</p></td><td>乙</td></tr></table>"""
    docx = word_from_html(html)
    with override("en"):
        text = services.markdown_of(docx)
    assert "[picture left out]" in text.replace("\\", "")
    for word in "前 后 下划线 跨列 一 二 乙".split():
        assert word in text
    assert "<" not in text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"plain text"])
def test_a_damaged_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError):
        services.markdown_of(content)


def test_a_word_file_whose_text_is_damaged_is_refused() -> None:
    good = services.word_of("x", title="y")
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            text = b"<w:document" if name == "word/document.xml" else old.read(name)
            new.writestr(name, text)
    with pytest.raises(ValidationError) as refusal:
        services.markdown_of(broken.getvalue())
    assert refusal.value.code == "unreadable"


def test_the_columns_of_a_wide_table_are_as_wide_as_what_they_say() -> None:
    wide = typst_of(f"|甲|乙|\n|--|--|\n|短|{'长' * 60}|")
    shares = [float(share) for share in re.findall(r"([\d.]+)%", wide)]
    assert len(shares) == 2
    assert shares[0] < 20
    assert shares[1] > 80
    assert "%" not in typst_of("|甲|乙|\n|--|--|\n|1|2|")


def test_fonts_are_the_published_ones_with_their_licence() -> None:
    folder = services.FOLDER.parent / "fonts"
    packages = json.loads((folder / "digests.json").read_text())
    for package in packages:
        assert "OFL" in package["licence"]
        for name, digest in package["files"].items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    known = {name for package in packages for name in package["files"]} | {"digests.json"}
    assert {path.name for path in folder.iterdir()} == known
