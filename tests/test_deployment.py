"""What docs/deployment.md promises and deploy/ ships agrees with the code."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "deployment.md").read_text()
VARIABLE = re.compile(r"\b(?:SILIAN_[A-Z0-9_]+|DATABASE_URL)\b")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def variables_of(path: Path) -> set[str]:
    return set(VARIABLE.findall(path.read_text()))


def documented() -> set[str]:
    return set(re.findall(r"^\| `([A-Z0-9_]+)` \|", GUIDE, re.MULTILINE))


def test_every_variable_is_in_the_table_and_nothing_else_is() -> None:
    read = re.findall(
        r'env[.a-z_]*\(\s*"([A-Z0-9_]+)"', (ROOT / "silian/config/settings.py").read_text()
    )

    assert set(read) == documented()


@pytest.mark.parametrize(
    "path", [p for p in sorted(DEPLOY.rglob("*")) if p.is_file()], ids=lambda p: p.name
)
def test_what_is_shipped_sets_only_variables_that_exist(path: Path) -> None:
    assert variables_of(path) <= documented()


def test_the_defaults_in_the_table_are_those_of_the_settings() -> None:
    text = (ROOT / "silian/config/settings.py").read_text()
    for name, default in re.findall(r"^\| `([A-Z0-9_]+)` \| `([^`]*)` \|", GUIDE, re.MULTILINE):
        said = re.search(rf'"{name}",\s*default=([^)\n]*)', text)
        if said and re.fullmatch(r'"[^"]*"|\d+|True|False', said[1]):
            assert said[1].strip('"').lower() == default.lower(), name


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_units_are_whole(path: Path) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path)

    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    service = unit["Service"]
    assert service["ExecStart"].split()[-1] in {"serve", "worker"}
    assert service["User"] == "silian" and service["NoNewPrivileges"] == "yes"
    assert service["EnvironmentFile"] == "/etc/silian/environment"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.name)
def test_systemd_accepts_the_units(path: Path, tmp_path: Path) -> None:
    unit = tmp_path / path.name.replace("@", "@1")
    unit.write_text(path.read_text().replace("/opt/silian/.venv/bin/silian", "/bin/true"))
    said = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )

    ours = [line for line in said.stderr.splitlines() if unit.name in line]
    assert not ours


def test_compose_is_whole() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]

    assert set(services) == {"database", "migrate", "web", "worker"}
    for name, service in services.items():
        assert "image" in service and "restart" in service, name
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"]
    for name in ("migrate", "web", "worker"):
        assert {"DATABASE_URL", "SILIAN_SECRET_KEY"} <= set(services[name]["environment"])
        assert services[name]["depends_on"]
    assert services["web"]["command"] == ["silian", "serve"]
    assert services["worker"]["command"] == ["silian", "worker"]
    build = services["web"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


def test_the_image_is_made_of_what_exists() -> None:
    lines = [
        line.split(maxsplit=1)
        for line in re.sub(r"\\\n\s*", " ", (DEPLOY / "Dockerfile").read_text()).splitlines()
        if line and not line.startswith(("#", " "))
    ]
    words = [word for word, _rest in lines]

    assert words[0] == "FROM" and ":" in lines[0][1], "a pinned base"
    assert set(words) <= {
        "FROM",
        *"ENV RUN WORKDIR COPY USER VOLUME EXPOSE HEALTHCHECK CMD".split(),
    }
    assert words.index("USER") < words.index("CMD"), "not as root"
    assert any("--require-hashes" in rest for _word, rest in lines)
    for word, rest in lines:
        if word == "COPY":
            assert all((ROOT / name).exists() for name in rest.split()[:-1]), rest


def test_the_guide_names_only_commands_and_files_that_exist() -> None:
    for path in re.findall(r"\bdeploy/[\w./@-]+\w", GUIDE):
        assert (ROOT / path).exists(), path
    shipped = {path.stem for path in (ROOT / "silian").rglob("management/commands/*.py")}
    known = shipped | {"serve", "worker", "migrate", "createcachetable", "collectstatic"}
    assert set(re.findall(r"bin/silian (\w+)|^silian (\w+)", GUIDE, re.MULTILINE)) and all(
        (one or two) in known
        for one, two in re.findall(r"bin/silian (\w+)|^silian (\w+)", GUIDE, re.MULTILINE)
    )
