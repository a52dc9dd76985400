"""What is vendored is what its packages published, and says under which licence."""

import hashlib
import json
import re
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[1]
VENDOR = UI / "static" / "vendor"
ASSETS = UI.parents[2] / "assets"
PACKAGES = json.loads((VENDOR / "digests.json").read_text())
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text()))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["package"])
def test_files_have_their_digests_and_a_licence(package: dict) -> None:
    assert any(name.endswith("LICENSE.txt") for name in package["files"])
    for name, digest in package["files"].items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_nothing_else_lies_there() -> None:
    known = {name for package in PACKAGES for name in package["files"]} | {"digests.json"}
    assert {path.name for path in VENDOR.iterdir()} == known


def test_versions_are_the_locked_ones_and_the_lock_says_not_from_where() -> None:
    lock = (ASSETS / "package-lock.json").read_text()
    locked = json.loads(lock)["packages"]
    for package in PACKAGES:
        assert locked[f"node_modules/{package['package']}"]["version"] == package["version"]
    assert "resolved" not in lock


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    named = set()
    for template in UI.parents[1].rglob("templates/**/*.html"):
        named |= set(re.findall(r'(?:{% icon |icon=)"([a-z0-9-]+)"', template.read_text()))
    assert named <= ICONS, named - ICONS
