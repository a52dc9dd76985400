"""A mark of the office as people write it: 86.5, passed, not passed, absent."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.panels.models import Given
from silian.education.panels.services import Said
from silian.education.schemes.terms import rules_of
from silian.education.skillappraisals.models import Appraisal

WORDS: dict[str, Said] = {
    "passed": Said(passed=True),
    "合格": Said(passed=True),
    "not passed": Said(passed=False),
    "不合格": Said(passed=False),
    "absent": Said(absent=True),
    "缺考": Said(absent=True),
}


class MarkField(forms.CharField):
    """Reads a mark into a Said; ``judged`` parts know no points."""

    def __init__(self, *, judged: bool, **options: Any) -> None:
        super().__init__(label=gettext_lazy("mark"), max_length=20, **options)
        self.judged = judged
        self.help_text = (
            gettext_lazy("Write passed, not passed or absent.")
            if judged
            else gettext_lazy("Points of 100, or absent.")
        )

    @classmethod
    def of(cls, appraisal: Appraisal, part: str) -> "MarkField":
        rules = rules_of(appraisal.terms)
        return cls(judged=any(one.judged for one in rules.parts if one.name == part))

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip().casefold()
        said = WORDS.get(text)
        if said and (said.absent or self.judged):
            return said
        if self.judged:
            raise ValidationError(_("Write passed, not passed or absent."))
        return Said(points=_points(text))


def _points(text: str) -> Decimal:
    try:
        points = Decimal(text)
    except InvalidOperation:
        raise ValidationError(_("Points of 100, or absent.")) from None
    if not (points.is_finite() and 0 <= points <= 100 and points == round(points, 2)):
        raise ValidationError(_("Points are between 0 and 100, with two decimals at most."))
    return points


def written(given: Given | None) -> str:
    """As it is shown, and typed in again."""
    if given is None:
        return ""
    if given.absent:
        return _("absent")
    if given.passed is not None:
        return _("passed") if given.passed else _("not passed")
    return f"{given.points.normalize():f}" if given.points is not None else ""
