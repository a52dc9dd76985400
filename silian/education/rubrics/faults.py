"""What one line of a rubric has to say; one place for the form and the sheet."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from silian.education.practicals.models import Criterion

MEASURES = "nominal below above".split()
Kind = Criterion.Kind


def faults(line: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Which field is wrong, and why."""
    measured = line.get("kind") == Kind.MEASURED
    for name in MEASURES:
        if measured and line.get(name) is None:
            yield name, _("A measurement needs this value.")
        elif not measured and line.get(name) is not None:
            yield name, _("Only for what is measured.")
    for name in MEASURES[1:]:
        if (line.get(name) or 0) < 0:
            yield name, _("A tolerance is a distance, without a sign.")
    if line.get("critical") and line.get("kind") == Kind.JUDGED:
        yield "critical", _("Only what is done or measured can fail the exam.")
