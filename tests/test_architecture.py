"""The rules of docs/architecture.md that import-linter cannot see."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests import rules

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
    "attendance": {"door.py", "journal.py", "replies.py"},
    "cast": {"data", "founding.py", "invention.py", "people.py"},
    "market": {"data", "positions.py", "region.py", "rounds.py", "rules.py"},
    "governing": {
        "data",
        *"council.py bodies.py meetings.py elections.py motions.py minutes.py".split(),
    },
    "binding": {"data", *"agreements.py changes.py commitments.py signing.py".split()},
    "ballots": {"board.py", "urn.py"},
    "elections": {"candidacies.py"},
    "scrutiny": {"counting.py", "words.py"},
    "drafting": set(
        """kinds.toml paper.py places.py readiness.py samples.py shelf.py terms.py texts""".split()
    ),
    "documents": {"comparison.py", "editor.py", "fonts", "pandoc.py", "typesetting"},
    "motions": {"amending.py"},
    "votes": {"counting.py", "secret.py"},
    "minutes": {"drafting.py"},
    "accounts": {"adapters.py", "demo_accounts.py", "middleware.py"},
    "calendars": {"events.py"},
    "codes": {"checks.py", "data", "fields.py"},
    "charters": {"data", "reading.py", "samples.py", "working.py"},
    "consortia": {"converters.py"},
    "agreements": {"checks.py", "rules.py", "rules.toml", "succession.py"},
    "council": {"standing.py"},
    "audit": {"chain.py"},
    "contributions": {"measures.py", "statements.py"},
    "bodykinds": {"data", "fields.py"},
    "files": {"content.py", "fields.py"},
    "meetings": {"agenda.py", "invitations.py"},
    "notices": {"channels.py", "todos.py"},
    "portal": {"doors.py", "duties.py", "figures.py", "navigation.py", "workspaces.py"},
    "search": {"words.py"},
    "signatures": {"evidence.py"},
    "sheets": {"registry.py", "fields.py", "reading.py", "cells.py", "checking.py", "workbooks.py"},
    "ui": set(
        """charts.py columns.py exports.py formats.py listing.py menu.py prose.py samples.py
        widgets.py""".split()
    ),
    "rounds": {"columns.py"},
    "criteria": {"groups.py"},
    "placement": set("bundle.py fairness.py market.py rehearsing.py result.py".split()),
    "offers": set(
        "answers.py deciding.py explaining.py line.py replacing.py second.py telling.py".split()
    ),
    "wishes": {"applicants.py", "closing.py", "ranking.py"},
    "profiles": {"enrolling.py", "identity.py", "sightings.py"},
    "consents": {"wordings.py", "wordings.toml"},
    "records": {"holdings.py"},
    "rights": {"export.py"},
}
FORBIDDEN = {"utils", "common", "helpers", "base", "misc"}
OVER_BUDGET: set[str] = set()  # should stay empty

SOURCES = [
    path
    for path in PACKAGE.rglob("*.py")
    if not {"migrations", "tests"} & set(path.relative_to(PACKAGE).parts)
]
PAGES = {"views.py", "applicants.py", "answers.py", "candidacies.py", "shelf.py", "door.py"}
VIEWS = [path for path in SOURCES if path.name in PAGES]
TEMPLATES = list(PACKAGE.rglob("templates/**/*.html"))
APPS = [
    Path(config.path) for config in apps.get_app_configs() if PACKAGE in Path(config.path).parents
]


def package(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model: type[models.Model]) -> None:
    """String references such as "demand.Position" are invisible to import-linter."""
    for field in model._meta.get_fields():
        if field.auto_created or field.related_model not in OURS:
            continue
        here, there = package(model), package(field.related_model)
        assert not rules.points_up(here, there, LEVEL), f"{field} points up"


@pytest.mark.parametrize("path", VIEWS, ids=relative)
def test_views_reach_rows_only_through_policy(path: Path) -> None:
    assert not rules.rows_reached(path.read_text())


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_sources_keep_the_rules(path: Path) -> None:
    source = path.read_text()
    if path.name != "states.py" and "jobs" not in path.parts:  # a job is not a life cycle of a row
        assert not rules.states_written(source)
    if path.name != "clock.py" and "config" not in path.parts:
        assert not rules.clocks_read(source)
    if relative(path) not in OVER_BUDGET:
        assert not rules.oversized(source)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_have_no_inline_code(path: Path) -> None:
    assert not rules.inline_code(path.read_text())


@pytest.mark.parametrize("app", APPS, ids=relative)
def test_an_app_is_one_story(app: Path) -> None:
    names = {path.name for path in app.iterdir() if path.name != "__pycache__"}
    assert names <= APP_FILES | OWN_FILES.get(app.name, set())
    docstring = ast.get_docstring(ast.parse((app / "__init__.py").read_text()))
    assert docstring and docstring.startswith("Owns "), "say what this app owns"
    size = sum(len(p.read_text().splitlines()) for p in SOURCES if app in p.parents)
    assert size <= rules.APP_LINES or relative(app) in OVER_BUDGET, f"{size} lines"


def test_no_folder_or_module_is_a_drawer_for_odds_and_ends() -> None:
    assert not [p for p in PACKAGE.rglob("*") if p.stem in FORBIDDEN and p.suffix in {"", ".py"}]
