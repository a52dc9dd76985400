"""How the exam came out: the spread of points, and how each item did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, median
from typing import Any

from django.utils.translation import gettext as _

from silian.education.items.history import record_statistics, record_use
from silian.education.items.models import Version
from silian.education.marking.asked import asked_in
from silian.education.marking.models import Answer, Marking
from silian.education.marking.scores import of_hundred, theory_scores
from silian.education.marksheets.policy import source_of
from silian.education.sittings.models import Form
from silian.engines.itemstats import Statistics, statistics_of
from silian.kernel.bilingual import both
from silian.kernel.ui.charts import Chart

STEP, HIGHEST = 10, 100  # points of the bars
CHOSEN = ("single", "multiple", "truefalse")  # of these it is told what was chosen


@dataclass(frozen=True)
class Spread:
    """Points of 100 of all that are known."""

    scores: Sequence[Decimal]

    @property
    def mean(self) -> float | None:
        return round(fmean(self.scores), 1) if self.scores else None

    @property
    def median(self) -> float | None:
        return round(float(median(self.scores)), 1) if self.scores else None

    @property
    def least(self) -> Decimal | None:
        return min(self.scores, default=None)

    @property
    def most(self) -> Decimal | None:
        return max(self.scores, default=None)

    @property
    def chart(self) -> Chart:
        """How many people between so many points and so many."""
        starts = range(0, HIGHEST, STEP)
        counts = [sum(self._in(start, score) for score in self.scores) for start in starts]
        labels = [f"{start}–{start + STEP}" for start in starts]
        return Chart(_("Spread of points"), labels, {_("people"): counts})

    @staticmethod
    def _in(start: int, score: Decimal) -> bool:
        """Each bar begins at its first number; the last one holds its end too."""
        return start <= score < start + STEP or (score == HIGHEST == start + STEP)


def spread_of(marking: Marking) -> Spread:
    known = theory_scores(marking.exam).values()
    return Spread([score for score in known if score is not None])


def hundred_of(sheet: Any) -> Decimal | None:
    """Points of 100 of one sheet as policy.visible_sheets gives it; None while some are missing."""
    return None if sheet.waiting else of_hundred(sheet.got, sheet.of)


def tell_items(marking: Marking) -> None:
    """Items learn where they were used and how they did; told again, it is the same use."""
    exam = marking.exam
    figures: dict[int, Statistics] = {}
    for form in exam.forms.all():
        figures |= figures_of(form)
    source = source_of(exam.pk)
    group = exam.paper.group if exam.paper else ""
    versions = Version.objects.filter(pk__in=figures)
    record_use(
        versions, source=source, label=both(exam, "title"), on=exam.opens_at.date(), group=group
    )
    record_statistics(source, figures)


def figures_of(form: Form) -> dict[int, Statistics]:
    """By version of an item; the parts of a case count together."""
    scores, answers, points = _tables(form)
    if not scores:
        return {}
    found = statistics_of(scores, list(points.values()), answers)
    return dict(zip(points, found, strict=True))


def _tables(form: Form) -> tuple[list[list[float]], list[list[Any]], Mapping[int, float]]:
    """Points and choices, a row a sheet and a column a version; what each version is worth."""
    asked = asked_in(form)
    worth: dict[int, float] = {}
    for one in asked.values():
        worth[one.version] = worth.get(one.version, 0) + float(one.points)
    column = {version: n for n, version in enumerate(worth)}
    scores: dict[int, list[float]] = {}
    answers: dict[int, list[Any]] = {}
    names = "sheet", "question__item", "points", "response"
    for sheet, item, points, response in _answers(form).values_list(*names).iterator():
        place = column[asked[item].version]
        scores.setdefault(sheet, [0.0] * len(column))[place] += float(points or 0)
        row = answers.setdefault(sheet, [None] * len(column))
        if asked[item].content["kind"] in CHOSEN and asked[item].stem is None:
            row[place] = response
    return list(scores.values()), [answers[sheet] for sheet in scores], worth


def _answers(form: Form) -> Any:
    return Answer.objects.filter(question__form=form).order_by("sheet")
