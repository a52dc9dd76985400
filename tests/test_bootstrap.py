"""What ``make`` does first: a virtual environment, or one clear line about why there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(__file__).resolve().parents[1]


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    with pytest.raises(bootstrap.Trouble, match=r"needs Python 3\.11 or newer; this is 3\."):
        bootstrap.main(dev=False)


def test_an_unreachable_registry_is_one_line(tmp_path: Path) -> None:
    shutil.copy(ROOT / "bootstrap.py", tmp_path)
    (tmp_path / "requirements.txt").write_text("a-package==1 --hash=sha256:" + "0" * 64 + "\n")
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull,
    }
    alone = {"PATH": str(Path(sys.executable).parent), "HOME": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "bootstrap.py"],
        cwd=tmp_path,
        env=alone | nowhere,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("silian: Cannot install: is the package registry reachable?")
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / "file" / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "file" / ".venv" / "bin" / "python")
    with pytest.raises(bootstrap.Trouble, match="is the folder writable"):
        bootstrap.make_venv()
