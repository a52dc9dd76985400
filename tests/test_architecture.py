"""The rules of docs/architecture.md that import-linter cannot see."""

import ast
import re
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
    "accounts": set("adapters.py demo_accounts.py middleware.py".split()),
    "advice": set("papers.py rules.py rules.toml weighing.py".split()),
    "agreements": set("checks.py rules.py rules.toml succession.py".split()),
    "answering": set("console.py gate.py log.py pictures.py".split()),
    "assessments": set("portfolios.py".split()),
    "attendance": set("door.py journal.py replies.py".split()),
    "audit": set("chain.py".split()),
    "authoring": set("comparing.py table.py thanks.py".split()),
    "badges": set("typesetting".split()),
    "ballots": set("board.py urn.py".split()),
    "binding": set("agreements.py changes.py commitments.py data signing.py".split()),
    "bodykinds": set("data fields.py".split()),
    "calendars": set("events.py".split()),
    "cast": set("data founding.py invention.py people.py".split()),
    "certifying": set("certificates.py data".split()),
    "charters": set("data reading.py samples.py working.py".split()),
    "codes": set("checks.py data fields.py".split()),
    "cohorts": set("rules.py rules.toml".split()),
    "completions": set("counting.py".split()),
    "consents": set("wordings.py wordings.toml".split()),
    "consortia": set("converters.py".split()),
    "contributions": set("measures.py statements.py".split()),
    "council": set("standing.py".split()),
    "courses": set("audiences.py schema.py terms.py".split()),
    "credentials": set("scales.py serials.py".split()),
    "criteria": set("groups.py".split()),
    "demand": set("posting.py work.py".split()),
    "directory": set("merging.py".split()),
    "documents": set("comparison.py editor.py fonts pandoc.py typesetting".split()),
    "drafting": set(
        """kinds.toml paper.py places.py readiness.py samples.py shelf.py terms.py texts""".split()
    ),
    "elections": set("candidacies.py".split()),
    "examining": set("data judging.py practicals.py".split()),
    "exchange": set("cells.py".split()),
    "enrolments": set("panels.py people.py".split()),
    "fairness": set("report.py".split()),
    "fees": set("methods.py".split()),
    "files": set("content.py fields.py".split()),
    "forecasts": set("figures.py sides.py words.py".split()),
    "formats": set(
        "gift.py moodle.py qtireading.py qtiwriting.py reading.py registry.py wording.py".split()
    ),
    "gaps": set("comparing.py".split()),
    "governing": set(
        """bodies.py council.py data elections.py meetings.py minutes.py motions.py""".split()
    ),
    "hall": set("facets.py filters.py sitemaps.py".split()),
    "internships": set("facts.py".split()),
    "items": set("entering.py history.py".split()),
    "judging": set("board.py door.py filling.py log.py panels.py turns.py".split()),
    "learning": set("courses.py data homework.py people.py".split()),
    "issuing": set("rows.py".split()),
    "lives": set("records.py".split()),
    "market": set(
        """data demand.py internships.py positions.py practice.py region.py register.py
        releases.py rounds.py rules.py""".split()
    ),
    "marking": set("asked.py blind.py scores.py scoring.py turns.py".split()),
    "marksheets": set("correcting.py statistics.py".split()),
    "meetings": set("agenda.py invitations.py".split()),
    "mentoring": set("statements.py".split()),
    "minutes": set("drafting.py".split()),
    "motions": set("amending.py".split()),
    "notices": set("channels.py middleware.py todos.py".split()),
    "occupations": set("links.py merging.py".split()),
    "offers": set(
        """answers.py deciding.py explaining.py line.py replacing.py second.py telling.py
        undoing.py""".split()
    ),
    "outcomes": set("entering.py figures.py".split()),
    "placement": set("""bundle.py market.py rehearsing.py result.py""".split()),
    "portal": set("chains.py doors.py duties.py figures.py navigation.py workspaces.py".split()),
    "results": set("appealing.py computing.py lines.py links.py papers.py".split()),
    "panels": set("marks.py material.py".split()),
    "papers": set("assembly.py blueprints.py forming.py".split()),
    "passrates": set("figures.py".split()),
    "persons": set("identity.py naming.py".split()),
    "printouts": set("printing.py".split()),
    "profiles": set("enrolling.py sightings.py".split()),
    "questions": set("building.py schema.py".split()),
    "records": set("holdings.py learning.py".split()),
    "releases": set("counting.py papers.py".split()),
    "rights": set("export.py".split()),
    "rollcalls": set("codes.py".split()),
    "rotations": set("timetable.py".split()),
    "rounds": set("columns.py".split()),
    "rubrics": set("faults.py".split()),
    "rulebook": set("checks.py rules.py rules.toml".split()),
    "schemes": set("levels.py terms.py".split()),
    "scoresheets": set("console.py paper.py scores.py".split()),
    "scrutiny": set("counting.py words.py".split()),
    "search": set("words.py".split()),
    "selections": set("consenting.py naming.py".split()),
    "settlements": set("counting.py".split()),
    "sheets": set("cells.py checking.py fields.py reading.py registry.py workbooks.py".split()),
    "shortages": set("computing.py formula.py formula.toml papers.py".split()),
    "signatures": set("evidence.py".split()),
    "sittings": set("tickets.py".split()),
    "skillappraisals": set("people.py".split()),
    "skillmap": set("reading.py".split()),
    "standards": set("figures.py paper.py sections.py sections.toml".split()),
    "statutes": set("checks.py rules.py rules.toml".split()),
    "teaching": set(
        """data programmes.py reviews.py shortages.py skills.py standards.py story.py""".split()
    ),
    "testing": set("appraisals.py certified.py data exams.py items.py marks.py papers.py".split()),
    "training": set("cohorts.py consents.py data work.py".split()),
    "turns": set("tickets.py".split()),
    "ui": set(
        """charts.py columns.py exports.py facets.py formats.py listing.py menu.py prose.py
        samples.py widgets.py""".split()
    ),
    "verification": set("papers.py typesetting".split()),
    "votes": set("counting.py secret.py".split()),
    "practicals": set("readiness.py teams.py".split()),
    "wishes": set("applicants.py closing.py consenting.py ranking.py".split()),
}
FORBIDDEN = {"utils", "common", "helpers", "base", "misc"}
OVER_BUDGET: set[str] = set()  # should stay empty

SOURCES = [
    path
    for path in PACKAGE.rglob("*.py")
    if not {"migrations", "tests"} & set(path.relative_to(PACKAGE).parts)
]
PAGES = {
    "views.py",
    "applicants.py",
    "answers.py",
    "candidacies.py",
    "shelf.py",
    "door.py",
    "table.py",
    "blueprints.py",
    "appealing.py",
}
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
    assert not rules.names_read_past_people(source)


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


def test_texts_are_marked_by_names_that_are_collected() -> None:
    """Under another alias than ``_`` nobody finds what is to be translated."""
    other = re.compile(r"import \w*gettext\w* as (?!_$)", re.MULTILINE)
    assert [path for path in PACKAGE.rglob("*.py") if other.search(path.read_text())] == []
