"""Times one placement round from data in PostgreSQL to its published result, stage by stage.

Run from the project's root:  python -m benchmarks.round [--students 100000]
A tenth of the students' number in tens of enterprises takes part (100,000: 26,000), ten wishes
each, a third of the enterprises rank, some keep places. It works in a transaction that is rolled
back at the end, on the database of DATABASE_URL (or the embedded one); deferred constraints are
checked inside the stage that caused them. Loading and storing must not cost more than ten times
the solving.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from silian.config.database import ensure_database

T = TypeVar("T")
LIMIT = 10  # times the solving
WISHES = 10
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak_mib() -> float:
    """The most memory that this process had since ``forget_peak``."""
    line = next(it for it in STATUS.read_text().splitlines() if it.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def forget_peak() -> None:
    CLEAR.write_text("5")


def timed(label: str, work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    result = work()
    took = time.perf_counter() - start
    print(f"  {label:34} {took:7.2f} s", flush=True)
    return took, result


def insert(query: str, *columns: Any) -> None:
    from django.db import connection  # noqa: PLC0415 - after django.setup()

    with connection.cursor() as cursor:
        cursor.execute(query, [np.asarray(column).tolist() for column in columns])


def people(students: int, consortium: Any) -> tuple[Any, Any]:
    """Schools with their students, who have accounts; returns the students' keys and points."""
    from silian.governance.members.models import Organisation  # noqa: PLC0415
    from silian.governance.members.tests.factories import make_membership  # noqa: PLC0415
    from silian.kernel.accounts.models import User  # noqa: PLC0415
    from silian.kernel.codes.models import Code  # noqa: PLC0415
    from silian.kernel.persons.models import Person  # noqa: PLC0415
    from silian.talent.profiles.models import Student  # noqa: PLC0415

    chance = np.random.default_rng(1)
    programme = Code.objects.get(code="bench-programme")
    schools = Organisation.objects.bulk_create(
        Organisation(kind=("college", "secondary")[n % 2], name_zh=f"基准学校{n}")
        for n in range(40)
    )
    for school in schools:
        make_membership(consortium, school)
    users = User.objects.bulk_create(
        (User(username=f"bench-{n}", name=f"学生{n}") for n in range(students)), batch_size=5000
    )
    persons = Person.objects.bulk_create(
        (Person(name=f"学生{n}", gender=("male", "female")[n % 2]) for n in range(students)),
        batch_size=5000,
    )
    points = np.clip(chance.normal(70, 12, students), 0, 100).round(2)
    made = Student.objects.bulk_create(
        (
            Student(
                school=schools[n % 40],
                user=users[n],
                person=persons[n],
                number=f"B{n}",
                name=f"学生{n}",
                programme=programme,
                entered=2024,
                graduates=2027,
                points=points[n],
            )
            for n in range(students)
        ),
        batch_size=5000,
    )
    return np.array([it.pk for it in made]), schools


def seats_of(found: Any, count: int, quotas: Any, schools: Any) -> Any:
    """An enterprise, a position and a seat each; one in a hundred keeps a place for a school."""
    from silian.governance.members.models import Organisation  # noqa: PLC0415
    from silian.industry.demand.models import Position  # noqa: PLC0415
    from silian.talent.criteria.models import Reserve  # noqa: PLC0415
    from silian.talent.rounds.models import Seat  # noqa: PLC0415

    firms = Organisation.objects.bulk_create(
        (Organisation(kind="enterprise", name_zh=f"基准企业{n}") for n in range(count)),
        batch_size=5000,
    )
    positions = Position.objects.bulk_create(
        (
            Position(
                consortium=found.consortium,
                organisation=firms[n],
                kind=found.kind,
                title_zh=f"岗位{n}",
                places=int(quotas[n]),
            )
            for n in range(count)
        ),
        batch_size=5000,
    )
    seats = Seat.objects.bulk_create(
        (Seat(round=found, position=positions[n], quota=int(quotas[n])) for n in range(count)),
        batch_size=5000,
    )
    Reserve.objects.bulk_create(
        Reserve(seat=it, kind="school", school=schools[n % 40], places=1)
        for n, it in enumerate(seats[::100])
    )
    return np.array([it.pk for it in seats])


def state_wishes(found: Any, students: Any, seats: Any) -> None:
    """Ten different seats for each student, popular ones more often."""
    chance = np.random.default_rng(2)
    popularity = np.cumsum(chance.lognormal(0, 1, len(seats)))
    draws = np.searchsorted(popularity, chance.random((len(students), 3 * WISHES)) * popularity[-1])
    for row in range(len(students)):
        kinds = np.unique(draws[row], return_index=True)[1]
        draws[row, :WISHES] = draws[row, np.sort(kinds)[:WISHES]]
    insert(
        "INSERT INTO wishes_wishlist (round_id, student_id, code, version, reserves)"
        f" SELECT {found.pk}, s, upper(lpad(to_hex(n), 8, '0')), 1, '{{}}'"
        " FROM unnest(%s::bigint[]) WITH ORDINALITY AS t(s, n)",
        students,
    )
    keys = np.array(found.wish_lists.order_by("student").values_list("pk", flat=True))
    for first in range(0, len(students), 20_000):
        part = slice(first, first + 20_000)
        chosen = seats[draws[part, :WISHES]]
        insert(
            'INSERT INTO wishes_wish (list_id, seat_id, "order", barred, refused, refused_why)'
            " SELECT l, s, o, '', false, '' FROM unnest(%s::bigint[], %s::bigint[], %s::int[])"
            " AS t(l, s, o)",
            np.repeat(keys[part], WISHES),
            chosen.ravel(),
            np.tile(np.arange(1, WISHES + 1), len(chosen)),
        )


def rank(found: Any) -> None:
    """Every third enterprise ranks all who applied."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wishes_wish SET rank = ranked.place FROM (SELECT w.id, row_number() OVER"
            " (PARTITION BY w.seat_id ORDER BY w.id %% 97, w.id) AS place FROM wishes_wish w JOIN"
            " rounds_seat s ON s.id = w.seat_id WHERE s.round_id = %s AND s.id %% 3 = 0) ranked"
            " WHERE ranked.id = wishes_wish.id",
            [found.pk],
        )
        cursor.execute(
            "UPDATE rounds_seat SET ranking_done = true WHERE round_id = %s AND id %% 3 = 0",
            [found.pk],
        )
        cursor.execute("ANALYZE")


def prepare(students: int) -> Any:
    from silian.governance.consortia.models import Consortium  # noqa: PLC0415
    from silian.governance.members.tests.factories import make_consortium  # noqa: PLC0415
    from silian.kernel.codes.tests.factories import make_code  # noqa: PLC0415
    from silian.talent.rounds.models import Round  # noqa: PLC0415
    from silian.talent.rounds.tests.factories import make_round  # noqa: PLC0415

    consortium: Consortium = make_consortium("bench-round")
    make_code("programme", "bench-programme")
    found = make_round(consortium, rule=Round.Rule.RANKING)
    count = max(10, students * 26 // 100)
    chance = np.random.default_rng(3)
    quotas = 1 + chance.poisson(0.95 * students / count - 1 if students > count else 1, count)
    keys, schools = people(students, consortium)
    seats = seats_of(found, count, quotas, schools)
    Round.objects.filter(pk=found.pk).update(**{"state": "wishing"})
    state_wishes(found, keys, seats)
    found.refresh_from_db()
    return found


def check() -> None:
    """Have the database check what it would check at the commit."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def measure(students: int) -> float:
    """How many times the solving loading and storing took."""
    from django.db import connection, transaction  # noqa: PLC0415

    from silian.talent.placement.services import compute_round, publish_round  # noqa: PLC0415
    from silian.talent.rounds.models import Round  # noqa: PLC0415
    from silian.talent.wishes.closing import close_wishes  # noqa: PLC0415

    with transaction.atomic():
        _took, found = timed("(make the data)", lambda: prepare(students))
        timed("(constraints of the data)", check)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        timed("close wishes: freeze points, rules", lambda: close_wishes(found, by=None))
        timed("(rank)", lambda: rank(found))
        check()
        Round.objects.filter(pk=found.pk).update(**{"state": "running"})
        forget_peak()
        before = peak_mib()
        start = time.perf_counter()
        run = compute_round(found, by=None)
        commit, _none = timed("constraints at the commit", check)
        whole = time.perf_counter() - start
        peak = peak_mib()
        forget_peak()
        publishing, _none = timed("publish", lambda: publish_round(found, by=None))
        checking, _none = timed("constraints at its commit", check)
        ratio = report(run.summary, commit, whole, before, peak)
        print(
            f"  publish, with offers, notices and constraints {publishing + checking:.2f} s;"
            f" peak {peak_mib():.0f} MiB"
        )
        transaction.set_rollback(True)
    return ratio


def report(
    summary: dict[str, Any], commit: float, whole: float, before: float, peak: float
) -> float:
    took = summary["seconds"]
    solve = took["build"] + took["match"]
    load, store = took["load"], took["pack"] + took["store"] + took["count"] + commit
    print(
        f"{summary['students']:,} students, {summary['seats']:,} enterprises,"
        f" {summary['wishes']:,} wishes; {summary['placed']:,} placed"
    )
    for stage, seconds in took.items():
        print(f"  {stage:34} {seconds:7.2f} s")
    print(f"  whole run {whole:.2f} s; memory {before:.0f} MiB before, peak {peak:.0f} MiB")
    stages = {
        "load": load,
        "solve: build and match": solve,
        "verify": took["verify"],
        "store, with bundle and constraints": store,
    }
    for label, seconds in stages.items():
        print(f"  {label:34} {seconds:7.2f} s {seconds / solve:7.1f} x solve")
    print(f"  load on the machine (1 min): {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    ratio = (load + store) / solve
    verdict = "within" if ratio <= LIMIT else "OVER"
    print(
        f"  load and store together cost {ratio:.1f} x the solving: {verdict} the limit of {LIMIT}"
    )
    return ratio


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=100_000)
    options = parser.parse_args()
    ensure_database()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "silian.config.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if measure(options.students) > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
