"""The register from a spreadsheet."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.examiners import policy, services
from silian.education.examiners.models import Card
from silian.education.questions.schema import Level
from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


def occupations() -> list[tuple[str, Code]]:
    """By code and by name."""
    rows = Code.objects.current(CodeList.Kind.OCCUPATION)
    return [(name, code) for code in rows for name in (code.code, code.name_zh)]


class ExaminerRow(forms.Form):
    number = forms.CharField(label=_("number of the card"), max_length=40)
    highest = forms.ChoiceField(label=_("up to level"), choices=Level.choices)
    valid_from = forms.DateField(label=_("valid from"))
    valid_until = forms.DateField(label=_("valid until"))

    def __init__(self, consortium: Consortium) -> None:
        super().__init__()
        self.consortium = consortium
        account = _("User name or e-mail address of somebody of a member.")
        self.fields["user"] = LookupField(self.people, label=_("account"), help_text=account)
        self.fields["organisation"] = LookupField(
            self.members, label=_("works for"), required=False
        )
        self.fields["occupation"] = LookupField(occupations, label=_("occupation"))
        self.order_fields("user organisation number occupation highest".split())

    def people(self) -> Iterable[tuple[str, User]]:
        known = User.objects.filter(examiner_entries__consortium=self.consortium)
        for user in [*policy.possible_examiners(self.consortium), *known]:
            yield from ((word, user) for word in (user.username, user.email) if word)

    def members(self) -> Iterable[tuple[str, Any]]:
        return ((one.name_zh, one) for one in policy.members_of(self.consortium))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("Must not lie before the first day."))
        return data


@register
class Examiners(Sheet[Consortium]):
    name = "examiners.register"
    title = _("Examiners and their cards")
    lead = _("One row for each card. Whoever is in the register gets the card added.")
    row_form = ExaminerRow
    examples = {
        "user": "wang.gong",
        "organisation": "某某职业技术学院",
        "number": "K2026000001",
        "occupation": "6-18-01-07",
        "highest": Level.THREE,
        "valid_from": "2026-01-01",
        "valid_until": "2028-12-31",
    }

    def scope_from(self, text: str) -> Consortium | None:
        return Consortium.objects.filter(slug=text).first()

    def permitted(self, user: User, scope: Consortium) -> Verdict:
        return policy.may_register(user, scope)

    def form(self, scope: Consortium) -> ExaminerRow:
        return ExaminerRow(scope)

    def check(self, rows: Sequence[Row], scope: Consortium) -> Iterable[Finding]:
        """Cards of one person for one occupation must not overlap, in the file and with the old."""
        seen = list(
            Card.objects.filter(examiner__consortium=scope).values_list(
                "examiner__user", "occupation", "valid_from", "valid_until"
            )
        )
        for row in rows:
            key = (row["user"].pk, row["occupation"].pk)
            if any(
                one[:2] == key and one[2] <= row["valid_until"] and row["valid_from"] <= one[3]
                for one in seen
            ):
                message = gettext("Another card for this occupation is valid in these days.")
                yield row.number, "valid_from", message
            seen.append((*key, row["valid_from"], row["valid_until"]))

    def save(self, rows: Sequence[Row], scope: Consortium, *, by: User, progress: Progress) -> int:
        count = services.register_examiners(scope, [row.data for row in rows], by=by)
        progress(len(rows))
        return count

    def done_url(self, scope: Consortium) -> str:
        return reverse("examiners:examiner_index", args=[scope])
