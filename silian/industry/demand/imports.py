"""Positions from a spreadsheet: each good row becomes a draft."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.industry.demand import policy, services
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.demand.work import NEEDED_OF
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.sheets.fields import LookupField, Named
from silian.kernel.sheets.registry import Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


def codes(kind: str) -> Named:
    """Every code of a list by its code and by its name."""
    for code in Code.objects.current(kind):
        yield code.code, code
        yield code.name_zh, code


def skills() -> Named:
    return ((skill.name_zh, skill) for skill in Skill.objects.all())


class SkillsField(LookupField):
    """Skills, each with its level behind a colon where one is given: “Welding:3、PLC”."""

    default_error_messages = {"level": _("The level of “%(value)s” is 1, 2, 3 or 4.")}

    def find(self, name: str) -> tuple[Skill, int]:
        said, _colon, level = name.replace("：", ":").partition(":")
        levels = {str(value): int(value) for value in SkillNeed.Level}
        if level.strip() not in {"", *levels}:
            raise ValidationError(self.error_messages["level"], "level", {"value": name})
        known: Skill = super().find(said)
        return known, levels.get(level.strip(), int(SkillNeed.Level.GUIDED))


class PositionRow(forms.Form):
    title_zh = forms.CharField(label=_("title in Chinese"), max_length=100)
    title_en = forms.CharField(label=_("title in English"), max_length=150, required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=Position.Kind.choices)
    occupation = LookupField(lambda: codes(CodeList.Kind.OCCUPATION), label=_("occupation"))
    places = forms.IntegerField(label=_("head count"), min_value=1)
    education = forms.TypedChoiceField(
        label=_("education"),
        choices=Position.Education.choices,
        coerce=int,
        required=False,
    )
    pay_low = forms.IntegerField(label=_("monthly pay from, yuan"), min_value=0, required=False)
    pay_high = forms.IntegerField(label=_("monthly pay to, yuan"), min_value=0, required=False)
    shift = forms.ChoiceField(
        label=_("shifts"), choices=[("", ""), *Position.Shift.choices], required=False
    )
    mentors = forms.IntegerField(label=_("company mentors"), min_value=0, required=False)
    hours = forms.IntegerField(label=_("hours of training"), min_value=0, required=False)
    fee = forms.IntegerField(label=_("fee a person, yuan"), min_value=0, required=False)
    region = LookupField(lambda: codes(CodeList.Kind.REGION), label=_("region"))
    address = forms.CharField(label=_("place of work"), max_length=200, required=False)
    starts_on = forms.DateField(label=_("starts on"))
    ends_on = forms.DateField(label=_("ends on"), required=False)
    open_until = forms.DateField(label=_("open until"), required=False)
    duties_zh = forms.CharField(label=_("duties in Chinese"), required=False)
    programmes = LookupField(
        lambda: codes(CodeList.Kind.PROGRAMME),
        label=_("programmes that fit"),
        many=True,
        required=False,
    )
    skills = SkillsField(skills, label=_("skills"), many=True, required=False)
    contact_name = forms.CharField(label=_("contact"), max_length=100)
    contact_phone = forms.CharField(label=_("contact phone"), max_length=20, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("pay_low"), data.get("pay_high")
        if low and high and high < low:
            self.add_error("pay_high", _("This is below the lower end."))
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end <= start:
            self.add_error("ends_on", _("It ends before it starts."))
        self._ask_what_the_kind_needs(data)
        return data

    def _ask_what_the_kind_needs(self, data: dict[str, Any]) -> None:
        kind = data.get("kind", "")
        named = dict(Position.Kind.choices).get(kind, "")
        for name in NEEDED_OF.get(kind, ()):
            if name in data and not data[name]:
                message = _("Needed before “%(kind)s” can be handed in.") % {"kind": named}
                self.add_error(name, message)


@register
class Positions(Sheet[Consortium]):
    name = "demand.positions"
    title = _("Positions")
    lead = _("Each row becomes a draft of your organisation, to be handed in for review.")
    row_form = PositionRow
    examples = {
        "title_zh": "数控机床操作工",
        "kind": Position.Kind.EMPLOYMENT,
        "places": 5,
        "pay_low": 6000,
        "pay_high": 8500,
        "skills": "数控加工:3、机械制图",
        "contact_name": "王经理",
    }

    def scope_from(self, text: str) -> Consortium | None:
        return Consortium.objects.filter(slug=text).first()

    def permitted(self, user: User, scope: Consortium) -> Verdict:
        return policy.may_state(user, scope)

    def save(self, rows: Sequence[Row], scope: Consortium, *, by: User, progress: Progress) -> int:
        """Drafts of the one member that ``by`` acts for."""
        employers = policy.visible_employers(by, scope)
        if len(employers) != 1:
            raise ValidationError(_("You act for several members; please state these by hand."))
        for done, row in enumerate(rows, start=1):
            data = dict(row.data) | {"education": row["education"] or Position.Education.ANY}
            programmes, named = data.pop("programmes"), data.pop("skills")
            position = Position(consortium=scope, organisation=employers[0], **data)
            services.save_position(position, skills=dict(named), programmes=programmes, by=by)
            progress(done)
        return len(rows)

    def done_url(self, scope: Consortium) -> str:
        return reverse("demand:own_positions", args=[scope]) + "?state=draft"
