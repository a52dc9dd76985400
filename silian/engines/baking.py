"""Credentials inside pictures, as Open Badges 3.0 has it: a PNG's iTXt chunk, an SVG's element."""

import struct
import zlib

KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = struct.pack(">I", 0) + b"IEND"


def baked_png(picture: bytes, credential: str) -> bytes:
    """``picture`` with ``credential`` (its JSON) in a chunk before the last one."""
    if not picture.startswith(SIGNATURE) or END not in picture:
        raise ValueError("not a PNG")
    # keyword, not compressed, no language, no translated keyword, text
    content = KEYWORD + b"\0\0\0\0\0" + credential.encode()
    kind = b"iTXt"
    check = struct.pack(">I", zlib.crc32(kind + content))
    chunk = struct.pack(">I", len(content)) + kind + content + check
    place = picture.rindex(END)
    return picture[:place] + chunk + picture[place:]


def credential_in_png(picture: bytes) -> str:
    """The JSON again; ValueError where there is none."""
    place = len(SIGNATURE)
    while place + 8 <= len(picture):
        (size,) = struct.unpack(">I", picture[place : place + 4])
        kind, content = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + size]
        if kind == b"iTXt" and content.startswith(KEYWORD + b"\0"):
            return content[len(KEYWORD) + 5 :].decode()
        place += size + 12
    raise ValueError("no credential inside")


def baked_svg(picture: str, credential: str) -> str:
    """``picture`` with ``credential`` (its JSON) in an element right behind its opening tag."""
    start = picture.index("<svg")
    end = picture.index(">", start)
    text = credential.replace("]]>", "]]]]><![CDATA[>")
    element = f"<openbadges:credential><![CDATA[{text}]]></openbadges:credential>"
    namespace = f' xmlns:openbadges="{NAMESPACE}"'
    return f"{picture[:end]}{namespace}>{element}{picture[end + 1 :]}"
