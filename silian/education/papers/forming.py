"""What a candidate gets, and what their answers are scored by. Apps that hold exams ask here.

``frozen_form`` is plain data without keys: the same form and seed always give the same.
``key_of`` is what ``engines.scoring.score`` needs for each line.
"""

from typing import Any

from silian.education.papers.models import Form, Line
from silian.education.papers.policy import visible_lines
from silian.education.questions.schema import Kind
from silian.engines.assembling import shuffled, shuffled_choices

MIXED = ("choices", "targets")


def frozen_form(form: Form, seed: str = "") -> dict[str, Any]:
    """The paper as one candidate sees it; ``seed`` is the candidate's own, "" for the print."""
    paper = form.paper
    mixing = seed if paper.mixed else ""
    sections: list[dict[str, Any]] = []
    for line in visible_lines(form):
        if not sections or sections[-1]["id"] != line.section_id:
            title = {"zh": line.section.title_zh, "en": line.section.title_en}
            sections.append({"id": line.section_id, "title": title, "items": []})
        sections[-1]["items"].append(_asked(line, mixing))
    if mixing:
        for section in sections:
            order = shuffled([one["line"] for one in section["items"]], f"{mixing}/{section['id']}")
            section["items"].sort(key=lambda one, order=order: order.index(one["line"]))
    return {
        "paper": paper.pk,
        "form": form.letter,
        "title": {"zh": paper.title_zh, "en": paper.title_en},
        "minutes": paper.minutes,
        "total": str(paper.total),
        "sections": sections,
    }


def key_of(form: Form) -> dict[int, dict[str, Any]]:
    """By line: content, key, points and rule. Never for a candidate's eyes."""
    return {
        line.pk: {
            "version": line.version_id,
            "content": line.version.content,
            "key": line.version.key,
            "points": line.points,
            "rule": form.paper.rule,
        }
        for line in visible_lines(form)
    }


def _asked(line: Line, seed: str) -> dict[str, Any]:
    content = line.version.content
    return {
        "line": line.pk,
        "version": line.version_id,
        "points": str(line.points),
        "content": _mixed(content, seed, line.version_id) if seed else content,
    }


def _mixed(content: dict[str, Any], seed: str, key: int) -> dict[str, Any]:
    """Choices in the candidate's own order; their marks stay, so that answers mean the same."""
    found = dict(content)
    for name in MIXED:
        if name in content:
            rows = {row["id"]: row for row in content[name]}
            order = shuffled_choices(list(rows), f"{seed}/{name}", key)
            found[name] = [rows[mark] for mark in order]
    if content["kind"] == Kind.CASE:
        parts = enumerate(content["parts"])
        found["parts"] = [_mixed(part, f"{seed}/{n}", key) for n, part in parts]
    return found
