"""What was promised and given, summed up: for a consortium, and for one member and one year."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.contributions.measures import Kind, Unit, quantity
from silian.governance.contributions.models import Entry, Pledge
from silian.governance.members.models import Organisation
from silian.kernel.documents.services import grid
from silian.kernel.ui import formats

NOTHING = Decimal(0)
Measure = tuple[str, str]  # a kind and its unit


@dataclass(frozen=True)
class Total:
    """One kind in one unit; kinds are never added to one another."""

    kind: str
    unit: str
    sums: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    def of(self, name: str) -> Decimal:
        return self.sums.get(name) or NOTHING

    @property
    def shown(self) -> dict[str, str]:
        """Every sum as its reader writes it."""
        return {name: quantity(amount, self.unit) for name, amount in self.sums.items()}

    @property
    def share(self) -> int | None:
        """What was given of what was pledged, in percent."""
        pledged = self.of("pledged")
        return int(100 * self.of("given") / pledged) if pledged else None


def totals(pledges: QuerySet[Pledge], entries: QuerySet[Entry]) -> list[Total]:
    """Pledged, given and waiting by kind, of the rows that the reader may see."""
    fresh = Q(confirmation=None, reverses=None, reversal=None)
    confirmed = Q(confirmation__accepted=True)
    standing = pledges.filter(state=Pledge.State.STANDING)
    return _gathered(
        pledged=_summed(Pledge.objects.filter(pk__in=standing.values("pk"))),
        given=_summed(entries.filter(confirmed)),
        waiting=_summed(entries.filter(fresh)),
    )


def _summed(rows: QuerySet[Any]) -> dict[Measure, Decimal]:
    found = rows.order_by().values_list("kind", "unit").annotate(Sum("amount"))
    return {(kind, unit): amount for kind, unit, amount in found}


def _gathered(**sums: Mapping[Measure, Decimal]) -> list[Total]:
    """In the order of kinds and units; only those that occur."""
    measures = [(kind.value, unit.value) for kind in Kind for unit in Unit]
    return [
        Total(*measure, {name: found[measure] for name, found in sums.items() if measure in found})
        for measure in measures
        if any(measure in found for found in sums.values())
    ]


@dataclass(frozen=True)
class Statement:
    """What one member gave and received in a year, as its receivers confirmed it."""

    organisation: Organisation
    year: int
    consortium: Consortium | None  # None: everywhere
    entries: QuerySet[Entry]

    @property
    def totals(self) -> list[Total]:
        return _gathered(
            given=_summed(self.entries.filter(giver=self.organisation)),
            received=_summed(self.entries.filter(receiver=self.organisation)),
        )

    def markdown(self) -> str:
        """The statement as a document: the totals, then every line."""
        heads = [_("kind"), _("Given"), _("Received")]
        rows = [
            [total.label, *(total.shown.get(name, "—") for name in ("given", "received"))]
            for total in self.totals
        ]
        lines = [_("Day"), _("What"), _("Direction"), _("Other side"), _("Agreement"), _("amount")]
        deliveries = grid(lines, map(self.line, self.entries))
        parts = [f"## {_('Totals')}", grid(heads, rows)]
        return "\n\n".join([*parts, f"## {_('Confirmed deliveries')}", deliveries])

    def line(self, entry: Entry) -> list[str]:
        gave = entry.giver_id == self.organisation.pk
        other = entry.receiver if gave else entry.giver
        way = _("given") if gave else _("received")
        title = entry.agreement.title
        return [formats.day(entry.on), entry.text, way, other.name, title, entry.quantity]


def statement_of(
    organisation: Organisation,
    year: int,
    entries: QuerySet[Entry],
    consortium: Consortium | None = None,
) -> Statement:
    """Out of ``entries``, those that concern ``organisation``, count, and are of that year."""
    mine = Q(giver=organisation) | Q(receiver=organisation)
    rows = entries.filter(mine, confirmation__accepted=True, on__year=year)
    if consortium:
        rows = rows.filter(agreement__consortium=consortium)
    return Statement(organisation, year, consortium, rows.order_by("on", "pk"))
