from datetime import timedelta
from itertools import count

from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.kernel import clock
from silian.talent.rounds.models import Round, Seat

numbers = count(1)


def make_round(consortium: Consortium | None = None, **fields: object) -> Round:
    """A round that is being prepared; its time for wishes is now."""
    now = clock.now()
    number = next(numbers)
    facts: dict[str, object] = {
        "title_zh": f"匹配轮次{number}",
        "title_en": f"Round {number}",
        "kind": Position.Kind.EMPLOYMENT,
        "wishes_from": now - timedelta(days=1),
        "wishes_until": now + timedelta(days=7),
        "ranking_until": now + timedelta(days=14),
        "confirm_until": now + timedelta(days=21),
        "seed": "20260901",
    }
    return Round.objects.create(consortium=consortium or make_consortium(), **(facts | fields))


def make_seat(found: Round, quota: int = 1, position: Position | None = None) -> Seat:
    """A seat of a round that is being prepared."""
    position = position or make_position(found.consortium, places=max(quota, 1))
    return Seat.objects.create(round=found, position=position, quota=quota)
