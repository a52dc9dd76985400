from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from silian.education.examiners.models import Examiner
from silian.education.examiners.tests.factories import make_examiner
from silian.education.items.tests.factories import occupation
from silian.education.practicals.models import (
    Criterion,
    Entrant,
    Panellist,
    Practical,
    Station,
    Turn,
)
from silian.education.questions.schema import Level
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
)
from silian.kernel import clock
from silian.kernel.persons.tests.factories import make_person

numbers = count(1)
MINUTES = 30


def make_practical(consortium: Consortium | None = None, **fields: Any) -> Practical:
    """A draft without stations, to begin in an hour."""
    consortium = consortium or make_consortium()
    facts: dict[str, Any] = {
        "title_zh": f"实操考试{next(numbers)}",
        "level": Level.THREE,
        "begins_at": clock.now().replace(second=0, microsecond=0) + timedelta(hours=1),
        "occupation": fields.get("occupation") or occupation(),
    }
    if "organiser" not in fields:
        facts["organiser"] = make_organisation(Organisation.Kind.COLLEGE)
        make_membership(consortium, facts["organiser"])
    return Practical.objects.create(consortium=consortium, **(facts | fields))


def make_station(practical: Practical, **fields: Any) -> Station:
    """A station of half an hour with one desk; it has neither criteria nor examiners."""
    order = practical.stations.count() + 1
    facts: dict[str, Any] = {
        "order": order,
        "name_zh": f"工位{order}",
        "place": "实训中心",
        "minutes": MINUTES,
        "weight": 100,
    }
    return Station.objects.create(practical=practical, **(facts | fields))


def make_criterion(station: Station, **fields: Any) -> Criterion:
    order = station.criteria.count() + 1
    facts: dict[str, Any] = {"order": order, "name_zh": f"评分点{order}", "points": Decimal(100)}
    return Criterion.objects.create(station=station, **(facts | fields))


def make_rubric(station: Station) -> list[Criterion]:
    """One criterion of each kind: judged 60, critical 20, measured 20 (20 mm, 0.02 either way)."""
    measured = {"unit": "mm", "nominal": Decimal(20), "below": "0.02", "above": "0.02"}
    return [
        make_criterion(station, name_zh="加工工艺", points=Decimal(60)),
        make_criterion(station, name_zh="安全操作", kind="checked", points=20, critical=True),
        make_criterion(station, name_zh="外圆直径", kind="measured", points=20, **measured),
    ]


def make_panel(station: Station, *examiners: Examiner) -> list[Panellist]:
    """The first is the chief; three new ones where none are given."""
    consortium = station.practical.consortium
    people = examiners or tuple(make_examiner(consortium) for _n in range(3))
    return [
        Panellist.objects.create(station=station, examiner=one, chief=not n)
        for n, one in enumerate(people)
    ]


def make_entrant(practical: Practical, **fields: Any) -> Entrant:
    """Somebody with a number drawn."""
    number = next(numbers)
    facts: dict[str, Any] = {
        "number": f"P{number:010d}",
        "draw": practical.entrants.count() + 1,
        "person": fields.get("person") or make_person(user=None),
    }
    return Entrant.objects.create(practical=practical, **(facts | fields))


def make_turn(
    entrant: Entrant, station: Station, *, start: int | None = None, **fields: Any
) -> Turn:
    """A turn that begins ``start`` minutes after the exam; by itself after all that are planned."""
    if start is None:
        start = (MINUTES + 5) * (entrant.turns.count() + station.turns.count())
    begin = station.practical.begins_at + timedelta(minutes=start)
    during = DateTimeTZRange(begin, begin + timedelta(minutes=station.minutes))
    return Turn.objects.create(
        entrant=entrant, station=station, **({"desk": 1, "during": during} | fields)
    )


def make_whole_practical(
    consortium: Consortium | None = None, *, stations: int = 1, entrants: int = 2, **fields: Any
) -> Practical:
    """A draft in which nothing is missing: rubrics, panels of three, candidates with turns."""
    practical = make_practical(consortium, **fields)
    shares = [100 // stations] * (stations - 1)
    weights = [*shares, 100 - sum(shares)]
    places = [make_station(practical, weight=weight) for weight in weights]
    for place in places:
        make_rubric(place)
        make_panel(place)
    people = [make_entrant(practical) for _n in range(entrants)]
    step = MINUTES + practical.changeover
    for n, entrant in enumerate(people):
        for m, place in enumerate(places):
            make_turn(entrant, place, start=(n + m) * step)
    return practical


def announced(practical: Practical) -> Practical:
    """As if the office had announced it; the database takes only what is whole."""
    Practical.objects.filter(pk=practical.pk).update(state=Practical.State.ANNOUNCED)
    practical.refresh_from_db()
    return practical


def make_announced_practical(**fields: Any) -> Practical:
    return announced(make_whole_practical(**fields))
