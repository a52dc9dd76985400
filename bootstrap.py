"""Make ``.venv`` with what requirements.txt locks: ``python3 bootstrap.py [--dev]``.

Uses nothing but the standard library. uv does the installing where it can be had, pip otherwise;
both check every hash. Says in one line what went wrong.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
OLDEST = (3, 11)


class Trouble(Exception):
    """What went wrong, in one line for the person at the keyboard."""


def main(dev: bool) -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise Trouble(f"Silian needs Python 3.11 or newer; this is {found}.")
    locks = [ROOT / "requirements.txt", *([ROOT / "requirements-dev.txt"] if dev else [])]
    wanted = {digest(lock) for lock in locks}
    if STAMP.exists() and wanted <= set(STAMP.read_text().split()):
        return
    make_venv()
    install(locks)
    STAMP.write_text("\n".join(sorted(wanted)))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_venv() -> None:
    if PYTHON.exists():
        return
    say("Making .venv")
    try:
        quietly([sys.executable, "-m", "venv", str(VENV)])
    except (Trouble, OSError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Trouble(
            f"Cannot make {VENV}: is the folder writable, and is Python's venv module installed? "
            f"({error})"
        ) from error


def install(locks: list[Path]) -> None:
    say("Installing what " + " and ".join(lock.name for lock in locks) + " lock")
    wanted = [word for lock in locks for word in ("-r", str(lock))]
    uv = find_uv()
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes"]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes"]
    ourselves = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    try:
        quietly([*command, *wanted])
        quietly([*[word for word in command if word != "--require-hashes"], *ourselves])
    except Trouble as error:
        raise Trouble(f"Cannot install: is the package registry reachable? ({error})") from error


def find_uv() -> str:
    """uv from the machine, or else from the registry; empty where there is none."""
    found = shutil.which("uv")
    if found:
        return found
    try:
        quietly([str(PYTHON), "-m", "pip", "install", "--quiet", "uv"])
    except Trouble:
        return ""
    return str(VENV / "bin" / "uv")


def quietly(command: list[str]) -> None:
    """Run ``command``; raise Trouble with the last line it said where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise Trouble(said[-1])


def say(text: str) -> None:
    sys.stderr.write(f"silian: {text} …\n")


if __name__ == "__main__":
    try:
        main(dev="--dev" in sys.argv)
    except Trouble as trouble:
        sys.exit(f"silian: {trouble}")
