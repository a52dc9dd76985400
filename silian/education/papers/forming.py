"""What a candidate gets, and what their answers are scored by. Apps that hold exams ask here.

``frozen_form`` is plain data without keys: the same form and seed always give the same.
``key_of`` is what ``engines.scoring.score`` needs for each line.
"""

from typing import Any

from silian.education.papers.models import Form, Line
from silian.education.papers.policy import visible_lines
from silian.engines.mixing import mixed


def frozen_form(form: Form, seed: str = "") -> dict[str, Any]:
    """The paper as one candidate sees it; ``seed`` is the candidate's own, "" for the print."""
    paper = form.paper
    sections: list[dict[str, Any]] = []
    for line in visible_lines(form):
        if not sections or sections[-1]["id"] != line.section_id:
            title = {"zh": line.section.title_zh, "en": line.section.title_en}
            sections.append({"id": line.section_id, "title": title, "items": []})
        sections[-1]["items"].append(_asked(line))
    said = {
        "paper": paper.pk,
        "form": form.letter,
        "title": {"zh": paper.title_zh, "en": paper.title_en},
        "minutes": paper.minutes,
        "total": str(paper.total),
        "mixed": paper.mixed,
        "sections": sections,
    }
    return mixed(said, seed) if seed and paper.mixed else said


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


def _asked(line: Line) -> dict[str, Any]:
    return {
        "line": line.pk,
        "version": line.version_id,
        "points": str(line.points),
        "content": line.version.content,
    }
