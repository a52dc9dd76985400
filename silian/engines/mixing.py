"""A paper in an order of each candidate's own: the same seed always gives the same order.

A paper is plain data: ``{"sections": [{"id", "items": [{"line", "version", "content"}]}]}`` with
contents as ``education.questions`` keeps them. Marks of choices stay: answers mean the same.
"""

from collections.abc import Mapping
from typing import Any

from silian.engines.assembling import shuffled, shuffled_choices

MIXED = ("choices", "targets")


def mixed(paper: Mapping[str, Any], seed: str) -> dict[str, Any]:
    """``paper`` with items in another order within each section, and their choices too."""
    sections = []
    for section in paper["sections"]:
        items = {one["line"]: one for one in section["items"]}
        order = shuffled(list(items), f"{seed}/{section['id']}")
        asked = [
            items[line]
            | {"content": _content(items[line]["content"], seed, items[line]["version"])}
            for line in order
        ]
        sections.append(section | {"items": asked})
    return {**paper, "sections": sections}


def _content(content: dict[str, Any], seed: str, key: int) -> dict[str, Any]:
    found = dict(content)
    for name in MIXED:
        if name in content:
            rows = {row["id"]: row for row in content[name]}
            order = shuffled_choices(list(rows), f"{seed}/{name}", key)
            found[name] = [rows[mark] for mark in order]
    if "parts" in content:
        parts = enumerate(content["parts"])
        found["parts"] = [_content(part, f"{seed}/{n}", key) for n, part in parts]
    return found
