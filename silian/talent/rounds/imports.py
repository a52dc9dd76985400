"""The seats of a round from a spreadsheet: what the page of seats exports, filled in."""

from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel.accounts.models import User
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.rounds import policy, services
from silian.talent.rounds.models import Round
from silian.talent.rounds.services import MOST


class SeatRow(forms.Form):
    number = forms.IntegerField(label=_("position no."))
    position = forms.CharField(label=_("position"), max_length=200, required=False)
    employer = forms.CharField(label=_("employer"), max_length=200, required=False)
    quota = forms.IntegerField(label=_("quota"), min_value=0, required=False)
    minimum = forms.IntegerField(label=_("runs only with"), min_value=0, required=False)

    def clean_quota(self) -> int:
        return self.cleaned_data["quota"] or 0

    def clean_minimum(self) -> int:
        return self.cleaned_data["minimum"] or 0


@register
class Seats(Sheet[Round]):
    name = "rounds.seats"
    title = _("Seats of a round")
    lead = _(
        "The export of the page, with a quota for each position that takes part. Without one a"
        " position is taken out; positions that are not listed stay as they are."
    )
    row_form = SeatRow
    examples = {
        "number": 1024,
        "position": "装配钳工",
        "employer": "章丘某某机械有限公司",
        "quota": 3,
        "minimum": 2,
    }

    def scope_from(self, text: str) -> Round | None:
        rounds = Round.objects.select_related("consortium")
        return rounds.filter(pk=text).first() if text.isdigit() else None

    def permitted(self, user: User, scope: Round) -> Verdict:
        return policy.may_edit(user, scope)

    def check(self, rows: Sequence[Row], scope: Round) -> Iterable[Finding]:
        known, seen = _positions(rows, scope), set[int]()
        for row in rows:
            position = known.get(row["number"])
            if position is None:
                yield row.number, "number", str(_("No position of this round has this number."))
            elif row["quota"] > position.places:
                told = _("The head count is %(places)s.") % {"places": position.places}
                yield row.number, "quota", str(told)
            if row["minimum"] > row["quota"]:
                yield row.number, "minimum", str(MOST)
            if row["number"] in seen:
                yield row.number, "number", str(_("This number is given twice."))
            seen.add(row["number"])

    def outlook(self, rows: Sequence[Row], scope: Round) -> Iterable[str]:
        taking = [row["quota"] for row in rows if row["quota"]]
        told = _("%(count)s positions take part, with %(places)s places; %(out)s do not.")
        out = len(rows) - len(taking)
        yield str(told) % {"count": len(taking), "places": sum(taking), "out": out}

    def save(self, rows: Sequence[Row], scope: Round, *, by: User, progress: Progress) -> int:
        if not (verdict := policy.may_edit(by, Round.objects.get(pk=scope.pk))):
            raise ValidationError(verdict.reason)
        known = _positions(rows, scope)
        numbers = {
            known[row["number"]]: (row["quota"], row["minimum"]) if row["quota"] else None
            for row in rows
        }
        services.set_seats(scope, numbers, by=by)
        progress(len(rows))
        return len(rows)

    def done_url(self, scope: Round) -> str:
        return reverse("rounds:round_seats", args=[scope.consortium, scope.pk])


def _positions(rows: Sequence[Row], scope: Round) -> dict[int, Position]:
    """The positions named in ``rows`` that can take part, by key."""
    chosen = scope.seats.values("position")
    candidates = Position.objects.published() | Position.objects.filter(pk__in=chosen)
    here = candidates.filter(consortium=scope.consortium_id, kind=scope.kind)
    return here.in_bulk([row["number"] for row in rows])
