"""One line a candidate: what marks come to, or what was published, in words."""

from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.skillappraisals.models import Entry
from silian.engines.passing import Came, Result, Taken
from silian.kernel.ui.formats import number

RESULTS = {
    Result.PASSED: (_("Has passed"), "green"),
    Result.FAILED: (_("Has not passed"), "red"),
    Result.INCOMPLETE: (_("Not complete"), "yellow"),
}


@dataclass(frozen=True)
class Line:
    """A candidate with the parts; ``differs`` where something else is published."""

    entry: Entry
    result: str
    grade: str
    parts: dict[str, Taken] = field(default_factory=dict)
    differs: bool = False


def said(taken: Taken | None) -> str:
    """A part in a word or in points."""
    if taken is None or taken.came == Came.MISSING:
        return "—"
    if taken.came == Came.ABSENT:
        return gettext("absent")
    points = number(taken.points) if taken.points is not None else ""
    if taken.came == Came.FAILED:
        return f"{points} ({gettext('not passed')})" if points else gettext("not passed")
    text = points or gettext("passed")
    return f"{text} ({gettext('earlier')})" if taken.earlier else text
