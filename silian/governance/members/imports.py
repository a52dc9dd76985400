"""Founding members from one spreadsheet: known organisations are found again, others are added."""

from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.governance.members import policy, services
from silian.governance.members.models import Membership, Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.codes.checks import validate_credit_code
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


class FoundingMember(forms.Form):
    name_zh = forms.CharField(label=_("name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("name in English"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=Organisation.Kind.choices)
    credit_code = forms.CharField(
        label=_("unified social credit code"),
        required=False,
        max_length=18,
        validators=[validate_credit_code],
    )
    region = CodeField(CodeList.Kind.REGION, label=_("region"), required=False)
    part = forms.ChoiceField(label=_("part"), choices=Membership.Part.choices)
    grade = forms.ChoiceField(label=_("grade"), choices=Membership.Grade.choices)
    admitted_on = forms.DateField(label=_("member since"))

    def clean_admitted_on(self) -> object:
        day = self.cleaned_data["admitted_on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day


class Known:
    """The organisations that rows may mean, looked up once for a whole file."""

    def __init__(self, rows: Sequence[Row]) -> None:
        codes = [row["credit_code"] for row in rows if row["credit_code"]]
        names = [row["name_zh"] for row in rows]
        with_code = Organisation.objects.filter(credit_code__in=codes)
        named = Organisation.objects.filter(name_zh__in=names)
        self.by_code = {one.credit_code: one for one in with_code}
        self.by_name = {one.name_zh: one for one in named}

    def meant_by(self, row: Row) -> Organisation | None:
        return self.by_code.get(row["credit_code"]) or self.by_name.get(row["name_zh"])

    def fault_of(self, row: Row) -> tuple[str, str] | None:
        """What speaks against taking ``row`` for the organisation it means: field and message."""
        meant, named = self.meant_by(row), self.by_name.get(row["name_zh"])
        if not meant:
            return None
        if named and named != meant:
            other = {"name": meant.name_zh}
            return "credit_code", gettext("This credit code belongs to %(name)s.") % other
        if row["credit_code"] and meant.credit_code not in (None, row["credit_code"]):
            other = {"code": meant.credit_code}
            return "credit_code", gettext("The directory knows it with the code %(code)s.") % other
        if row["kind"] != meant.kind:
            kind = {"kind": meant.get_kind_display()}
            return "kind", gettext("The directory knows it as: %(kind)s.") % kind
        return None


@register
class FoundingMembers(Sheet[Consortium]):
    name = "members.founding"
    title = _("Founding members")
    lead = _(
        "Each row becomes a founding member. Organisations that the directory knows by credit "
        "code or name are not entered twice."
    )
    row_form = FoundingMember
    examples = {
        "name_zh": "某某生物科技有限公司",
        "name_en": "Example Biotech Co., Ltd.",
        "kind": Organisation.Kind.ENTERPRISE,
        "part": Membership.Part.MEMBER,
        "grade": Membership.Grade.COUNCIL,
        "admitted_on": "2024-05-18",
    }

    def scope_from(self, text: str) -> Consortium | None:
        return Consortium.objects.filter(slug=text).first()

    def permitted(self, user: User, scope: Consortium) -> Verdict:
        return policy.may_add_members(user, scope)

    def check(self, rows: Sequence[Row], scope: Consortium) -> Iterable[Finding]:
        known = Known(rows)
        running = Membership.objects.running().filter(consortium=scope)
        members = set(running.values_list("organisation", flat=True))
        seen: set[object] = set()
        for row in rows:
            fault = known.fault_of(row)
            if fault:
                yield row.number, *fault
            meant = known.meant_by(row)
            if meant and meant.pk in members:
                message = gettext("It is a member already, or its application is running.")
                yield row.number, "name_zh", message
            marks = {row["name_zh"], row["credit_code"], meant} - {"", None}
            if marks & seen:
                yield row.number, "name_zh", gettext("It stands in this file twice.")
            seen |= marks

    def save(self, rows: Sequence[Row], scope: Consortium, *, by: User, progress: Progress) -> int:
        known = Known(rows)
        for done, row in enumerate(rows, start=1):
            services.add_member(
                scope,
                known.meant_by(row) or self.added(row, by),
                by=by,
                on=row["admitted_on"],
                part=row["part"],
                grade=row["grade"],
                founding=True,
            )
            progress(done)
        return len(rows)

    def added(self, row: Row, by: User) -> Organisation:
        facts = {name: row[name] for name in ("name_zh", "name_en", "kind", "region")}
        organisation = Organisation(credit_code=row["credit_code"] or None, **facts)
        return services.save_organisation(organisation, by=by)

    def done_url(self, scope: Consortium) -> str:
        return reverse("members:member_index", args=[scope])
