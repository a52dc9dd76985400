"""Programmes of a school and their figures of many years, from spreadsheets."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.programmes import policy, services
from silian.education.programmes.models import Programme
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.sheets.fields import LookupField, Named
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


def codes(kind: str) -> Named:
    """Every code of a list by its code, and by its name where one entry bears it."""
    rows = list(Code.objects.current(kind))
    names = Counter(code.name_zh for code in rows)
    for code in rows:
        yield code.code, code
        if names[code.name_zh] == 1:
            yield code.name_zh, code


class ProgrammeRow(forms.Form):
    level = forms.ChoiceField(label=_("level"), choices=Programme.Level.choices)
    code = LookupField(
        lambda: codes(CodeList.Kind.PROGRAMME), label=_("catalogue code"), required=False
    )
    name_zh = forms.CharField(label=_("name in Chinese"), max_length=100)
    name_en = forms.CharField(label=_("name in English"), max_length=150, required=False)
    years = forms.IntegerField(label=_("length, years"), min_value=1, max_value=8)
    occupations = LookupField(
        lambda: codes(CodeList.Kind.OCCUPATION),
        label=_("occupations it trains for"),
        many=True,
        required=False,
    )
    opened = forms.IntegerField(
        label=_("open since"), min_value=1950, max_value=2100, required=False
    )
    closed = forms.IntegerField(
        label=_("no intake since"), min_value=1950, max_value=2100, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opened, closed = data.get("opened"), data.get("closed")
        if opened and closed and closed < opened:
            self.add_error("closed", _("This is before it was opened."))
        level = data.get("level")
        if level and not services.fits(data.get("code"), level):
            self.add_error("code", _("This code belongs to another level."))
        return data


class OfASchool(Sheet[Organisation]):
    """What both sheets have in common: a school is the scope, its staff import."""

    def scope_from(self, text: str) -> Organisation | None:
        schools = Organisation.objects.filter(kind__in=Organisation.SCHOOLS)
        return schools.filter(pk=text).first() if text.isdecimal() and len(text) < 19 else None

    def permitted(self, user: User, scope: Organisation) -> Verdict:
        return policy.may_keep(user, scope)

    def done_url(self, scope: Organisation) -> str:
        return reverse("programmes:school_programmes", args=[scope.pk])


@register
class Programmes(OfASchool):
    name = "programmes.programmes"
    title = _("Programmes")
    lead = _("A programme that the school has at this level already is brought up to date.")
    row_form = ProgrammeRow
    examples = {
        "level": Programme.Level.COLLEGE,
        "code": "460104",
        "name_zh": "机械制造及自动化",
        "years": 3,
        "opened": 2018,
    }

    def check(self, rows: Sequence[Row], scope: Organisation) -> Iterable[Finding]:
        keys = ((row, (row["level"], row["name_zh"])) for row in rows)
        return twice(keys, "name_zh")

    def save(
        self, rows: Sequence[Row], scope: Organisation, *, by: User, progress: Progress
    ) -> int:
        saved = services.enter_programmes([row.data for row in rows], school=scope, by=by)
        progress(saved)
        return saved


class FigureRow(forms.Form):
    year = forms.IntegerField(label=_("year"), min_value=1950, max_value=2100)
    enrolled = forms.IntegerField(
        label=_("new students"), min_value=0, max_value=100_000, required=False
    )
    graduated = forms.IntegerField(
        label=_("number of graduates"), min_value=0, max_value=100_000, required=False
    )

    def __init__(self, school: Organisation | None = None) -> None:
        super().__init__()
        programmes = LookupField(lambda: programmes_of(school), label=_("programme"))
        self.fields = {"programme": programmes, **self.fields}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (year := data.get("year")) and year > policy.latest_year():
            self.add_error("year", _("This year has not come yet."))
        if data.get("enrolled") is None and data.get("graduated") is None:
            self.add_error("enrolled", _("Give at least one of the two numbers."))
        return data


def programmes_of(school: Organisation | None) -> Named:
    """By name where one level has it, by name and level always, by code where it has one."""
    rows = list(Programme.objects.filter(school=school).select_related("code"))
    names = Counter(one.name_zh for one in rows)
    for one in rows:
        yield f"{one.name_zh}({one.get_level_display()})", one
        if one.code:
            yield one.code.code, one
        if names[one.name_zh] == 1:
            yield one.name_zh, one


@register
class Figures(OfASchool):
    name = "programmes.figures"
    title = _("New students and graduates by programme and year")
    lead = _("One row a programme and year; what is known of that year is overwritten.")
    row_form = FigureRow
    examples = {"programme": "机械制造及自动化", "year": 2024, "enrolled": 120, "graduated": 98}

    def form(self, scope: Organisation) -> forms.Form:
        return FigureRow(scope)

    def check(self, rows: Sequence[Row], scope: Organisation) -> Iterable[Finding]:
        keys = ((row, (row["programme"].pk, row["year"])) for row in rows)
        return twice(keys, "year")

    def save(
        self, rows: Sequence[Row], scope: Organisation, *, by: User, progress: Progress
    ) -> int:
        figures = [
            (row["programme"], row["year"], (row["enrolled"], row["graduated"])) for row in rows
        ]
        saved = services.enter_figures(figures, school=scope, by=by)
        progress(saved)
        return saved


def twice(keys: Iterable[tuple[Row, Any]], field: str) -> Iterable[Finding]:
    """The rows that say again what an earlier row says."""
    first: dict[Any, int] = {}
    for row, key in keys:
        earlier = first.setdefault(key, row.number)
        if earlier != row.number:
            yield row.number, field, str(_("Row %(row)s says this already.") % {"row": earlier})
