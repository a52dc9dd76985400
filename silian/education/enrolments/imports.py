"""A firm's people from a spreadsheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Session
from silian.education.enrolments import policy, services
from silian.education.enrolments.people import refusals
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import NumberOfPersonField
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


@dataclass(frozen=True)
class Group:
    """Who enrols people into what."""

    session: Session
    organisation: Organisation

    @property
    def text(self) -> str:
        """As the address of the import writes it."""
        return f"{self.session.pk}-{self.organisation.pk}"


class PersonRow(forms.Form):
    name = forms.CharField(label=_("full name"), max_length=100)
    number = NumberOfPersonField(label=_("identity number"))
    payer = forms.ChoiceField(label=_("who pays"), required=False)

    def __init__(self, group: Group | None = None) -> None:
        super().__init__()
        paying = policy.payers_for(group.session, group.organisation) if group else []
        field = self.fields["payer"]
        field.choices = [(p.value, p.label) for p in paying]  # type: ignore[attr-defined]


@register
class People(Sheet[Group]):
    name = "enrolments.people"
    title = _("People for a course session")
    lead = _(
        "One row a person. Whoever no place is free for waits in the order of the sheet; without a "
        "payer your organisation pays. Numbers are kept encrypted."
    )
    row_form = PersonRow
    examples = {"name": "张某某", "number": "110101199003077571"}
    sealed = True

    def scope_from(self, text: str) -> Group | None:
        session, _dash, organisation = text.partition("-")
        rows = Session.objects.select_related("course__consortium", "course__organiser", "after")
        found = rows.filter(pk=int(session)).first()
        firm = Organisation.objects.filter(pk=int(organisation)).first()
        return Group(found, firm) if found and firm else None

    def permitted(self, user: User, scope: Group) -> Verdict:
        return policy.may_enrol_many(user, scope.session, scope.organisation)

    def form(self, scope: Group) -> forms.Form:
        return PersonRow(scope)

    def check(self, rows: Sequence[Row], scope: Group) -> Iterable[Finding]:
        refused = refusals(scope.session, scope.organisation, [row["number"] for row in rows])
        seen: set[str] = set()
        for row in rows:
            if row["number"] in seen:
                yield row.number, "number", gettext("This number stands in the list twice.")
            elif row["number"] in refused:
                yield row.number, "number", refused[row["number"]]
            seen.add(row["number"])

    def outlook(self, rows: Sequence[Row], scope: Group) -> Iterable[str]:
        """How many get a place as things stand."""
        session = scope.session
        free = 0 if session.enrolments.in_line().exists() else max(0, session.free)
        placed = min(free, len(rows))
        yield ngettext("%(n)s person gets a place.", "%(n)s people get a place.", placed) % {
            "n": placed
        }
        if waiting := len(rows) - placed:
            yield ngettext(
                "%(n)s person stands on the waiting list.",
                "%(n)s people stand on the waiting list.",
                waiting,
            ) % {"n": waiting}

    def save(self, rows: Sequence[Row], scope: Group, *, by: User, progress: Progress) -> int:
        firm = scope.organisation
        otherwise = policy.payers_for(scope.session, firm)[0]  # where the sheet says nothing
        entries = [
            services.Entry(row["name"], row["number"], row["payer"] or otherwise) for row in rows
        ]
        made = services.enrol_many(scope.session, firm, entries, by=by, progress=progress)
        return sum(made)

    def done_url(self, scope: Group) -> str:
        consortium = scope.session.course.consortium
        return reverse("enrolments:learner_index", args=[consortium, scope.session.pk])
