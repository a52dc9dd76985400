"""The rules of docs/architecture.md that import-linter cannot see."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "silian"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
LAYERS = [{name.strip() for name in layer.split("|")} for layer in reversed(CONTRACTS[0]["layers"])]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
OURS = [model for model in apps.get_models() if model.__module__.startswith("silian.")]

APP_FILES = set(
    """__init__.py apps.py models.py policy.py services.py forms.py tables.py views.py urls.py
    api.py admin.py receivers.py tasks.py imports.py templates locale migrations tests
    management static templatetags""".split()
)
# Where an app owns something the list has no word for, it is named here, with its app.
OWN_FILES = {
    "demo": {
        "data",
        "founding.py",
        "invention.py",
        "market.py",
        "people.py",
        "region.py",
        "rounds.py",
    },
    "codes": {"checks.py", "data", "fields.py"},
    "consortia": {"converters.py"},
    "audit": {"chain.py"},
    "files": {"content.py", "fields.py"},
    "notices": {"channels.py", "todos.py"},
    "portal": {"figures.py", "navigation.py", "workspaces.py"},
    "search": {"words.py"},
    "sheets": {"registry.py", "fields.py", "reading.py", "cells.py", "checking.py", "workbooks.py"},
    "ui": set(
        "charts.py columns.py exports.py formats.py listing.py menu.py prose.py widgets.py".split()
    ),
    "placement": {"bundle.py", "explaining.py", "market.py", "offers.py", "result.py"},
    "wishes": {"ranking.py"},
}
FORBIDDEN = {"utils", "common", "helpers", "base", "misc"}
FILE_LINES, FUNCTION_LINES, APP_LINES = 300, 40, 1500
OVER_BUDGET: set[str] = set()  # should stay empty

SOURCES = [
    path
    for path in PACKAGE.rglob("*.py")
    if not {"migrations", "tests"} & set(path.relative_to(PACKAGE).parts)
]
APPS = [
    Path(config.path) for config in apps.get_app_configs() if PACKAGE in Path(config.path).parents
]


def package(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model: type[models.Model]) -> None:
    """String references such as "demand.Position" are invisible to import-linter."""
    for field in model._meta.get_fields():
        if field.auto_created or field.related_model not in OURS:
            continue
        here, there = package(model), package(field.related_model)
        assert here == there or LEVEL[there] < LEVEL[here], f"{field} points up"


@pytest.mark.parametrize("path", list(PACKAGE.rglob("views.py")), ids=relative)
def test_views_reach_rows_only_through_policy(path: Path) -> None:
    names = [n.attr for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Attribute)]
    assert "objects" not in names


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_only_move_writes_a_state(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        targets = node.targets if isinstance(node, ast.Assign) else []
        written = [t for t in targets if isinstance(t, ast.Attribute) and t.attr == "state"]
        kernel = path.name == "states.py" or "jobs" in path.parts
        assert kernel or not written, f"{relative(path)}:{node.lineno} writes a state"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_there_is_one_clock(path: Path) -> None:
    text = path.read_text()
    if path.name != "clock.py":
        assert not re.search(r"timezone\.now\(|date\.today\(|datetime\.now\(", text)


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_files_and_functions_stay_small(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= FILE_LINES or relative(path) in OVER_BUDGET, f"{lines} lines"
    for node in functions(path):
        size = (node.end_lineno or node.lineno) - node.lineno + 1
        assert size <= FUNCTION_LINES, f"{relative(path)}: {node.name} has {size} lines"


@pytest.mark.parametrize("app", APPS, ids=relative)
def test_an_app_is_one_story(app: Path) -> None:
    names = {path.name for path in app.iterdir() if path.name != "__pycache__"}
    assert names <= APP_FILES | OWN_FILES.get(app.name, set())
    docstring = ast.get_docstring(ast.parse((app / "__init__.py").read_text()))
    assert docstring and docstring.startswith("Owns "), "say what this app owns"
    size = sum(len(p.read_text().splitlines()) for p in SOURCES if app in p.parents)
    assert size <= APP_LINES or relative(app) in OVER_BUDGET, f"{size} lines"


def test_no_folder_or_module_is_a_drawer_for_odds_and_ends() -> None:
    assert not [p for p in PACKAGE.rglob("*") if p.stem in FORBIDDEN and p.suffix in {"", ".py"}]
