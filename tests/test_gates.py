"""Each gate, shown to fail: the rule is broken in a scrap of code or a copy, and must say so."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import rules

ROOT = Path(__file__).resolve().parents[1]
LONG_FUNCTION = "def f():\n" + "    pass\n" * 41

BROKEN = [
    (rules.rows_reached, "def v(request):\n    return Offer.objects.all()"),
    (rules.states_written, "offer.state = 'accepted'"),
    (rules.states_written, "Offer.objects.filter(pk=1).update(state='accepted')"),
    (rules.clocks_read, "started = timezone.now()"),
    (rules.clocks_read, "day = date.today()"),
    (rules.oversized, "pass\n" * 301),
    (rules.names_read_past_people, 'rows.values_list("pk", "list__student__name")'),
    (rules.oversized, LONG_FUNCTION),
    (rules.inline_code, '<p style="color: red">'),
    (rules.inline_code, '<button onclick="go()">'),
    (rules.inline_code, "<script>go()</script>"),
]
SOUND = [
    (rules.rows_reached, "def v(request):\n    return policy.visible_offers(request.user)"),
    (rules.states_written, "move(offer, 'accepted', by=user)"),
    (rules.clocks_read, "started = clock.now()"),
    (rules.oversized, "def f():\n" + "    pass\n" * 39),
    (rules.inline_code, '<script src="/static/a.js"></script><p class="text-red">'),
]


@pytest.mark.parametrize(("rule", "source"), BROKEN)
def test_a_broken_rule_is_found(rule, source) -> None:  # type: ignore[no-untyped-def]
    assert rule(source)


@pytest.mark.parametrize(("rule", "source"), SOUND)
def test_sound_code_passes(rule, source) -> None:  # type: ignore[no-untyped-def]
    assert not rule(source)


def test_a_key_that_points_up_is_found() -> None:
    level = {"kernel": 0, "governance": 1}
    assert rules.points_up("kernel", "governance", level)
    assert not rules.points_up("governance", "kernel", level)


BROKEN_IMPORTS = [
    ("silian/kernel/clock.py", "import silian.governance.members.models", "Chains"),
    ("silian/engines/matching.py", "import django", "Engines"),
    ("silian/industry/demand/models.py", "import silian.industry.demand.views", "Inside an app"),
    ("silian/governance/roles/policy.py", "import silian.governance.members.models", "No cycles"),
    ("silian/talent/rounds/services.py", "import silian.industry.demand.forms", "pages"),
    ("silian/drawer/__init__.py", "", "Chains"),  # a package that no layer names
]


@pytest.mark.parametrize(("file", "line", "contract"), BROKEN_IMPORTS)
def test_a_broken_import_contract_is_found(
    tmp_path: Path, file: str, line: str, contract: str
) -> None:
    without = shutil.ignore_patterns("static", "locale", "data", "templates", "__pycache__")
    shutil.copytree(ROOT / "silian", tmp_path / "silian", ignore=without)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / file
    target.parent.mkdir(exist_ok=True)
    target.write_text((target.read_text() if target.exists() else "") + f"\n{line}\n")

    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    told = done.stdout + done.stderr
    broken = [row for row in told.splitlines() if "BROKEN" in row or "not listed" in row.lower()]
    assert any(contract in row for row in broken) or "drawer" in told, told
