"""Deliveries from one spreadsheet, entered by the secretariat for the givers."""

from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.agreements.policy import unit_of
from silian.governance.consortia.models import Consortium
from silian.governance.contributions import policy, services
from silian.governance.contributions.measures import MEASURES, WHOLE
from silian.governance.contributions.models import LARGEST, Entry, Pledge
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


class Delivery(forms.Form):
    agreement = forms.CharField(label=_("number or title of the agreement"), max_length=200)
    giver = forms.CharField(label=_("giver"), max_length=200)
    receiver = forms.CharField(label=_("receiver"), max_length=200)
    measure = forms.ChoiceField(label=_("kind"), choices=MEASURES)
    amount = forms.DecimalField(
        label=_("amount"), max_digits=13, decimal_places=2, min_value=0, max_value=LARGEST
    )
    on = forms.DateField(label=_("delivered on"))
    text = forms.CharField(label=_("what was given"), max_length=200)

    def clean_amount(self) -> object:
        amount = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("Must be more than 0."))
        return amount

    def clean_on(self) -> object:
        day = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day


class Known:
    """What the rows may mean, looked up once for a whole file."""

    def __init__(self, consortium: Consortium) -> None:
        signed = Agreement.objects.filter(consortium=consortium, signed_on__isnull=False)
        self.agreements: dict[str, list[Agreement]] = {}
        for agreement in signed:
            for name in {agreement.number, agreement.title_zh, agreement.title_en} - {""}:
                self.agreements.setdefault(name, []).append(agreement)
        parties = Party.objects.filter(agreement__in=signed).select_related("organisation")
        self.parties: dict[tuple[int, str], Organisation] = {
            (party.agreement_id, name): unit_of(party)
            for party in parties
            for name in (unit_of(party).name_zh, unit_of(party).name_en)
            if name
        }
        self.pledges: dict[tuple[object, ...], list[Pledge]] = {}
        for pledge in Pledge.objects.standing().filter(agreement__in=signed):
            sides = (pledge.agreement_id, pledge.giver_id, pledge.receiver_id)
            self.pledges.setdefault((*sides, pledge.kind, pledge.unit), []).append(pledge)

    def agreement_of(self, row: Row) -> Agreement | None:
        found = self.agreements.get(row["agreement"], [])
        return found[0] if len(found) == 1 else None

    def side_of(self, row: Row, side: str) -> Organisation | None:
        agreement = self.agreement_of(row)
        return self.parties.get((agreement.pk, row[side])) if agreement else None

    def entry_of(self, row: Row) -> Entry:
        """The entry that a checked row means; of a pledge where only one fits."""
        agreement = self.agreement_of(row)
        giver, receiver = self.side_of(row, "giver"), self.side_of(row, "receiver")
        if not (agreement and giver and receiver):
            raise ValidationError(gettext("Row %(n)d no longer fits.") % {"n": row.number})
        kind, unit = row["measure"].split(":")
        fitting = self.pledges.get((agreement.pk, giver.pk, receiver.pk, kind, unit), [])
        return Entry(
            agreement=agreement,
            pledge=fitting[0] if len(fitting) == 1 else None,
            giver=giver,
            receiver=receiver,
            kind=kind,
            unit=unit,
            amount=row["amount"],
            on=row["on"],
            text=row["text"],
        )


@register
class Deliveries(Sheet[Consortium]):
    name = "contributions.deliveries"
    title = _("Deliveries")
    lead = _("Each row becomes a delivery that its receiver is asked to confirm.")
    row_form = Delivery
    examples = {
        "agreement": "某某学院与某某公司订单班培养合作协议",
        "giver": "某某生物科技有限公司",
        "receiver": "某某职业学院",
        "measure": "hours:hours",
        "amount": "36",
        "on": "2026-03-31",
        "text": "企业导师授课",
    }

    def scope_from(self, text: str) -> Consortium | None:
        return Consortium.objects.filter(slug=text).first()

    def permitted(self, user: User, scope: Consortium) -> Verdict:
        return policy.may_import(user, scope)

    def check(self, rows: Sequence[Row], scope: Consortium) -> Iterable[Finding]:
        known = Known(scope)
        for row in rows:
            if not known.agreement_of(row):
                message = gettext("No signed agreement has this number or title, or several have.")
                yield row.number, "agreement", message
                continue
            for side in ("giver", "receiver"):
                if not known.side_of(row, side):
                    yield row.number, side, gettext("It is no party of this agreement.")
            if row["giver"] == row["receiver"]:
                message = gettext("Nobody gives to themselves: choose another party.")
                yield row.number, "receiver", message
            whole = row["measure"].split(":")[1] in WHOLE
            if whole and row["amount"] != int(row["amount"]):
                message = gettext("Things and places are counted as a whole.")
                yield row.number, "amount", message

    def save(self, rows: Sequence[Row], scope: Consortium, *, by: User, progress: Progress) -> int:
        known = Known(scope)
        for done, row in enumerate(rows, start=1):
            services.deliver(known.entry_of(row), by=by)
            progress(done)
        return len(rows)

    def done_url(self, scope: Consortium) -> str:
        return reverse("contributions:entry_index", args=[scope]) + "?state=waiting"
