"""Translations: ``django.po`` is what we keep, ``django.mo`` is made from it when it is older."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def compile_stale() -> None:
    """Compile each catalogue that changed since it was last compiled; needs no gettext tools."""
    for source in PACKAGE.rglob("locale/*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_one(source, target)


def compile_one(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo  # noqa: PLC0415  slow, and rarely needed
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with source.open("rb") as lines:
        catalogue = read_po(lines)
    with target.open("wb") as compiled:
        write_mo(compiled, catalogue)
