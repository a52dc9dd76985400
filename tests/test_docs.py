"""The documents say what the code does."""

import io
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def test_the_architecture_page_lists_the_packages_of_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = " ".join(contracts["contracts"][0]["layers"]).replace("|", " ").split()
    page = (ROOT / "docs" / "architecture.md").read_text()
    assert re.findall(r"^\| `(\w+)` \|", page, re.M) == layers


def test_the_page_of_states_is_drawn_from_the_models() -> None:
    drawn = io.StringIO()
    call_command("draw_states", stdout=drawn)
    assert (ROOT / "docs" / "states.md").read_text() == drawn.getvalue(), "run: make docs"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    broken = [
        link for link in LINK.findall(document.read_text()) if not (document.parent / link).exists()
    ]
    assert not broken


def test_the_glossary_names_models_that_exist() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text()
    labels = {model._meta.label for model in apps.get_models()}
    named = set(re.findall(r"\| `(\w+\.[A-Z]\w+)` \|$", page, re.M))
    ours = {label.split(".")[0]: label for label in labels}
    assert {label for label in named if label.split(".")[0] in ours} <= labels
