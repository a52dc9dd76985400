"""Running a round and publishing its result. What follows between two sides is in ``offers.py``."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.tasks import Task

from silian.engines.explain import verify
from silian.engines.matching import Matching, match
from silian.governance.roles.policy import secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.bilingual import both
from silian.kernel.jobs import services as jobs
from silian.kernel.jobs.models import Job
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move
from silian.talent.placement.bundle import pack_bundle
from silian.talent.placement.market import Loaded, load_market
from silian.talent.placement.models import Bundle, Grant, Placement, Run
from silian.talent.placement.result import outcomes_of, summarise
from silian.talent.rounds.models import Round
from silian.talent.rounds.services import employers_of

RUN_LOCK = 0x51A  # the family of advisory locks that running rounds hold


@transaction.atomic
def start_run(found: Round, *, task: Task[..., Any, ...], by: User) -> Job:
    """Claim the round for a job that computes it; until that ends nothing about it can change."""
    url = reverse("rounds:round_detail", args=[found.consortium, found.pk])
    title = gettext_noop("Computing a placement round")
    job = jobs.start(task, title=title, by=by, url=url, round_id=found.pk)
    move(found, Round.State.RUNNING, by=by, job=job)
    return job


@transaction.atomic
def compute_round(found: Round, *, by: User | None) -> Run:
    """Match a claimed round and keep the result: all of it, or nothing when this is interrupted.

    The lock is held as long as the transaction lives, so whoever can take it knows that nobody is
    computing this round.
    """
    if not _lock_run(found):
        raise IllegalMove("another worker computes this round")
    found.refresh_from_db()
    if found.state != Round.State.RUNNING:
        raise IllegalMove("nobody claims this round")
    seconds: dict[str, float] = {}
    with _timed(seconds, "load"):
        loaded = load_market(found)
    with _timed(seconds, "match"):
        matching = match(loaded.market)
    with _timed(seconds, "verify"):
        if faults := verify(loaded.market, matching):
            raise ArithmeticError(f"the engine's result is not stable: {faults[0]}")
    with _timed(seconds, "store"):
        run = _store(found, loaded, matching, by)
    run.summary = summarise(found, loaded, matching) | {"seconds": seconds}
    run.save(update_fields=["summary"])
    move(found, Round.State.COMPUTED, by=by, job=None)
    _tell_secretariat(found, gettext_noop("“%(round)s” is computed. Please check and publish it."))
    return run


@transaction.atomic
def release_claim(found: Round, *, why: str) -> None:
    """The computation failed: the round is as it was before, and can be run again."""
    found.refresh_from_db()
    if found.state != Round.State.RUNNING:
        return
    move(found, Round.State.RANKING, by=None, why=why, job=None)
    _tell_secretariat(
        found,
        gettext_noop("“%(round)s” could not be computed; nothing has changed. You can retry."),
    )


@transaction.atomic
def release_if_abandoned(found: Round) -> bool:
    """Release a claim whose worker is gone; a job that waits or computes keeps its claim."""
    found.refresh_from_db()
    if found.state != Round.State.RUNNING or not _lock_run(found):
        return False
    if found.job and found.job.state == Job.State.WAITING:
        return False
    release_claim(found, why="the computation was interrupted")
    return True


def release_abandoned() -> int:
    """Release every claim whose worker is gone; return how many there were."""
    running = Round.objects.filter(state=Round.State.RUNNING).select_related("job", "consortium")
    return sum(release_if_abandoned(found) for found in running)


@transaction.atomic
def discard_run(found: Round, *, reason: str, by: User) -> None:
    """Go back behind an unpublished result, to correct rankings and compute again."""
    move(found, Round.State.RANKING, by=by, why=reason)


@transaction.atomic
def publish_round(found: Round, *, by: User) -> None:
    """Publish the newest result: everybody may read it, and each place becomes an offer."""
    move(found, Round.State.PUBLISHED, by=by, published_at=clock.now())
    granted = Grant.objects.filter(run=newest_run(found)).order_by("wish")
    rows = granted.values_list("wish", "wish__seat", "wish__list__student")
    Placement.objects.bulk_create(
        (
            Placement(round=found, wish_id=wish, seat_id=seat, student_id=student)
            for wish, seat, student in rows.iterator(chunk_size=5000)
        ),
        batch_size=5000,
    )
    message = gettext_noop("The result of “%(round)s” is published.")
    students = User.objects.filter(enrolments__wish_lists__round=found)
    _tell(students, message, found, "placement:my_result")
    _tell(employers_of(found), message, found)


def newest_run(found: Round) -> Run | None:
    return found.runs.first()


def _store(found: Round, loaded: Loaded, matching: Matching, by: User | None) -> Run:
    packed = pack_bundle(loaded.market, matching)
    run = Run.objects.create(
        round=found,
        by=by,
        at=clock.now(),
        inputs_digest=packed.inputs_digest,
        result_digest=packed.result_digest,
    )
    Bundle.objects.create(run=run, archive=packed.archive)
    run.outcomes.bulk_create(outcomes_of(run, loaded, matching))
    placed = matching.wishes >= 0
    edges = loaded.market.offsets[:-1][placed] + matching.wishes[placed]
    grants = (Grant(run=run, wish_id=key) for key in loaded.wishes[edges].tolist())
    Grant.objects.bulk_create(grants, batch_size=5000)
    return run


def _lock_run(found: Round) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [RUN_LOCK, found.pk])
        return bool(cursor.fetchone()[0])


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] = round(time.perf_counter() - start, 3)


def _tell_secretariat(found: Round, message: str) -> None:
    _tell(secretaries_of(found.consortium), message, found)


def _tell(people: Any, message: str, found: Round, page: str = "rounds:round_detail") -> None:
    url = reverse(page, args=[found.consortium, found.pk])
    notify(people, message, url=url, round=both(found, "title"))
