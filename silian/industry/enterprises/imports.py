"""The register of a region from one spreadsheet, tens of thousands of rows at once."""

from collections.abc import Iterable, Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.industry.enterprises import policy, services
from silian.kernel.accounts.models import User
from silian.kernel.codes.checks import validate_credit_code
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.sheets.fields import LookupField, Named
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


def parks() -> Named:
    for park in Organisation.objects.filter(kind=Organisation.Kind.PARK):
        yield park.name_zh, park
        yield park.short_name_zh, park


class EnterpriseRow(forms.Form):
    name_zh = forms.CharField(label=_("name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("name in English"), max_length=200, required=False)
    credit_code = forms.CharField(
        label=_("unified social credit code"), max_length=18, validators=[validate_credit_code]
    )
    region = CodeField(CodeList.Kind.REGION, label=_("region"), required=False)
    address = forms.CharField(label=_("address"), max_length=200, required=False)
    industry = CodeField(CodeList.Kind.INDUSTRY, label=_("industry"), required=False)
    scale = forms.ChoiceField(
        label=_("scale"), choices=[("", ""), *Organisation.Scale.choices], required=False
    )
    above_scale = forms.NullBooleanField(label=_("above designated size"), required=False)
    staff_count = forms.IntegerField(label=_("number of staff"), min_value=0, required=False)
    park = LookupField(parks, label=_("park"), required=False)
    products_zh = forms.CharField(label=_("products in Chinese"), max_length=500, required=False)
    products_en = forms.CharField(label=_("products in English"), max_length=500, required=False)


@register
class Enterprises(Sheet[Consortium]):
    name = "enterprises.register"
    title = _("Register of enterprises")
    lead = _(
        "An enterprise is known by its credit code: a known one is brought up to date, and an "
        "empty cell leaves what is there."
    )
    row_form = EnterpriseRow
    examples = {
        "name_zh": "某某阀门有限公司",
        "name_en": "Example Valve Co., Ltd.",
        "credit_code": "91330300MA0000001K",
        "staff_count": 120,
        "products_zh": "球阀、闸阀",
    }

    def scope_from(self, text: str) -> Consortium | None:
        return Consortium.objects.filter(slug=text).first()

    def permitted(self, user: User, scope: Consortium) -> Verdict:
        return policy.may_import(user, scope)

    def check(self, rows: Sequence[Row], scope: Consortium) -> Iterable[Finding]:
        names = [row["name_zh"] for row in rows]
        codes = [row["credit_code"] for row in rows]
        by_name = dict(_pairs("name_zh", "credit_code", name_zh__in=names))
        kinds = dict(_pairs("credit_code", "kind", credit_code__in=codes))
        first: dict[str, int] = {}
        for row in rows:
            code, name = row["credit_code"], row["name_zh"]
            if name in by_name and by_name[name] != code:
                known = {"code": by_name[name] or "–"}
                message = gettext("The directory knows it with the code %(code)s.") % known
                yield row.number, "credit_code", message
            if kinds.get(code, Organisation.Kind.ENTERPRISE) != Organisation.Kind.ENTERPRISE:
                yield row.number, "credit_code", gettext("This code belongs to no enterprise.")
            for mark, field in ((code, "credit_code"), (name, "name_zh")):
                earlier = first.setdefault(mark, row.number)
                if earlier != row.number:
                    where = {"row": earlier}
                    yield row.number, field, gettext("Row %(row)s has the same.") % where

    def save(self, rows: Sequence[Row], scope: Consortium, *, by: User, progress: Progress) -> int:
        facts = [row.data for row in rows]
        added, changed = services.enter_enterprises(facts, consortium=scope, by=by)
        progress(added + changed)
        return added + changed

    def done_url(self, scope: Consortium) -> str:
        return reverse("enterprises:enterprise_index", args=[scope])


def _pairs(key: str, value: str, **wanted: object) -> Iterable[tuple[str, str]]:
    return Organisation.objects.filter(**wanted).values_list(key, value)
