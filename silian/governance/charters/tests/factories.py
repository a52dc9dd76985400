from datetime import date, timedelta

from silian.governance.charters import services
from silian.governance.charters.models import Charter
from silian.governance.charters.samples import sample
from silian.governance.consortia.models import Consortium
from silian.kernel import clock

LONG_AGO = timedelta(days=400)


def make_charter(
    consortium: Consortium, name: str = "municipal", *, since: date | None = None, **values: object
) -> Charter:
    """A sample adopted long ago, with other ``values`` where they are given."""
    content = sample(name).content_for(consortium)
    content.charter.in_force_from = since or clock.today() - LONG_AGO
    for field, value in values.items():
        setattr(content.charter, field, value)
    rows = {"seats": content.seats, "matters": content.matters, "weights": content.weights}
    return services.adopt_charter(content.charter, by=None, **rows)
