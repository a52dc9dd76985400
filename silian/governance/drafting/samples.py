"""The sample texts that ship with Silian, one for each kind, in our own words."""

from pathlib import Path

from django.db.models import QuerySet

from silian.governance.drafting.models import Template

FOLDER = Path(__file__).with_name("texts")
SAMPLE = "sample"


def sample_text(kind: str) -> str:
    return (FOLDER / f"{kind}.md").read_text()


def chosen(begin: str, kind: str, templates: QuerySet[Template]) -> str:
    """The text that a new version begins with: a template by its key, the sample, or none."""
    if begin == SAMPLE:
        return sample_text(kind)
    found = templates.filter(pk=begin).first() if begin.isdecimal() else None
    return found.text if found else ""
