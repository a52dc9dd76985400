"""Makes the file whose styles every .docx takes: pandoc's, with the fonts of offices in China.

For maintainers: ``.venv/bin/python assets/word.py``, after a new pandoc.
"""

import re
import subprocess
import zipfile
from pathlib import Path

import pypandoc

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "silian" / "kernel" / "documents" / "typesetting" / "reference.docx"
ONE_DAY = (2024, 1, 1, 0, 0, 0)  # so that the same styles make the same file
LINE = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
SIDES = "top left bottom right insideH insideV".split()
BORDERS = "<w:tblBorders>" + "".join(LINE.format(side) for side in SIDES) + "</w:tblBorders>"
A4 = """<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>
<w:pgMar w:top="1440" w:right="1531" w:bottom="1440" w:left="1531" w:header="851" w:footer="992"/>
</w:sectPr>"""


def main() -> None:
    plain = ROOT / "build" / "reference.docx"
    plain.parent.mkdir(exist_ok=True)
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    plain.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)  # noqa: S603
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(TARGET, "w") as target:
        for name in sorted(source.namelist()):
            part = zipfile.ZipInfo(name, ONE_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, changed(name, source.read(name).decode()))


def changed(name: str, text: str) -> str:
    if name == "word/theme/theme1.xml":
        text = fonts(fonts(text, "major", "黑体", "Arial"), "minor", "宋体", "Times New Roman")
    elif name == "word/styles.xml":
        text = re.sub(r"<w:color [^>]*/>", '<w:color w:val="000000"/>', text)
        text = text.replace('w:val="56"', 'w:val="36"').replace('w:val="40"', 'w:val="30"')
        text = text.replace(
            '<w:tblInd w:w="0" w:type="dxa" />', f'<w:tblInd w:w="0" w:type="dxa"/>{BORDERS}'
        )
    elif name == "word/document.xml":
        text = re.sub(r"<w:sectPr>.*</w:sectPr>", A4, text, flags=re.S)
    return text


def fonts(theme: str, level: str, chinese: str, latin: str) -> str:
    """The theme with other fonts for titles (major) or for text (minor)."""
    head, rest = theme.split(f"<a:{level}Font>", 1)
    rest = re.sub(r"<a:latin [^>]*/>", f'<a:latin typeface="{latin}"/>', rest, count=1)
    rest = re.sub(r"<a:ea [^>]*/>", f'<a:ea typeface="{chinese}"/>', rest, count=1)
    rest = re.sub(
        r'script="Hans" typeface="[^"]*"', f'script="Hans" typeface="{chinese}"', rest, count=1
    )
    return f"{head}<a:{level}Font>{rest}"


if __name__ == "__main__":
    main()
