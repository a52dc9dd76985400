"""What stands in the halls: what is published, for everybody."""

from django.db.models import QuerySet

from silian.governance.consortia.models import Consortium
from silian.industry.demand.models import Position


def visible_postings(consortium: Consortium | None = None) -> QuerySet[Position]:
    """Published positions of one consortium or of all, what is unconfirmed below the rest."""
    rows = Position.objects.published().for_lists().freshest_first()
    return rows.filter(consortium=consortium) if consortium else rows
