"""Running a round and publishing its result. What follows between two sides is in ``offers``."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.tasks import Task

from silian.engines.explain import verify
from silian.engines.matching import Matching, match
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.jobs import services as jobs
from silian.kernel.jobs.models import Job
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move
from silian.talent.placement.bundle import Packed, pack_bundle
from silian.talent.placement.market import Loaded, build_market, read_rows
from silian.talent.placement.models import Bundle, Run
from silian.talent.placement.result import store_grants, store_outcomes, summarise
from silian.talent.rounds.models import Round, Seat
from silian.talent.rounds.services import employers_of
from silian.talent.wishes.services import while_it_is_allowed

T = TypeVar("T")

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
def start_rehearsal(copy: Round, *, task: Task[..., Any, ...], by: User) -> Job:
    """Compute a rehearsal in the background."""
    url = reverse("placement:rehearsal", args=[copy.consortium, copy.pk])
    title = gettext_noop("Rehearsing a placement round")
    copy.job = jobs.start(task, title=title, by=by, url=url, round_id=copy.pk)
    copy.save(update_fields=["job"])
    return copy.job


@transaction.atomic
def compute_round(
    found: Round, *, by: User | None, progress: Callable[[int], None] = lambda stage: None
) -> Run:
    """Match a claimed round and keep the result: all of it, or nothing when this is interrupted.

    The lock is held as long as the transaction lives, so whoever can take it knows that nobody is
    computing this round. A rehearsal is computed in the same way and stays one.
    """
    if not _lock_run(found):
        raise IllegalMove("another worker computes this round")
    found.refresh_from_db()
    if found.state not in (Round.State.RUNNING, Round.State.REHEARSAL):
        raise IllegalMove("nobody claims this round")
    stages = Stages(progress)
    rows = stages.timed("load", lambda: read_rows(found))
    loaded = stages.timed("build", lambda: build_market(found, rows))
    matching = stages.timed("match", lambda: match(loaded.market))
    faults = stages.timed("verify", lambda: verify(loaded.market, matching))
    if faults:
        raise ArithmeticError(f"the engine's result is not stable: {faults[0]}")
    packed = stages.timed("pack", lambda: pack_bundle(loaded.market, matching))
    run = stages.timed("store", lambda: _store(found, loaded, matching, packed, by))
    summary = stages.timed("count", lambda: summarise(found, loaded, matching))
    run.summary = summary | {"seconds": stages.seconds}
    run.save(update_fields=["summary"])
    if found.rehearses_id:
        return run
    move(found, Round.State.COMPUTED, by=by, job=None)
    _tell_secretariat(found, gettext_noop("“%(round)s” is computed. Please check and publish it."))
    return run


class Stages:
    """How long each stage of a run took, and how many are done."""

    COUNT = 7

    def __init__(self, progress: Callable[[int], None]) -> None:
        self.progress, self.seconds = progress, dict[str, float]()

    def timed(self, stage: str, work: Callable[[], T]) -> T:
        start = time.perf_counter()
        result = work()
        self.seconds[stage] = round(time.perf_counter() - start, 3)
        self.progress(len(self.seconds))
        return result


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
def start_publication(found: Round, *, task: Task[..., Any, ...], by: User) -> Job:
    """Publish a large round in the background."""
    url = reverse("placement:conduct", args=[found.consortium, found.pk])
    title = gettext_noop("Publishing a placement result")
    job = jobs.start(task, title=title, by=by, url=url, round_id=found.pk)
    Round.objects.filter(pk=found.pk).update(job=job)
    return job


@transaction.atomic
def publish_round(found: Round, *, by: User | None) -> None:
    """Publish the newest result: everybody may read it, and each place becomes an offer."""
    move(found, Round.State.PUBLISHED, by=by, published_at=clock.now(), job=None)
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, [newest_run(found).pk])
    message = gettext_noop("The result of “%(round)s” is published.")
    students = User.objects.filter(enrolments__wish_lists__round=found)
    _tell(students, message, found, "offers:my_result")
    _tell(employers_of(found), message, found)


OFFERS = """
    INSERT INTO placement_placement (round_id, student_id, wish_id, seat_id, reserve_id,
        origin, state, answer_until, reason)
    SELECT r.id, l.student_id, w.id, w.seat_id, g.reserve_id, 'run', 'offered', r.confirm_until, ''
    FROM placement_grant g
    JOIN wishes_wish w ON w.id = g.wish_id
    JOIN wishes_wishlist l ON l.id = w.list_id
    JOIN rounds_round r ON r.id = l.round_id
    WHERE g.run_id = %s ORDER BY w.id"""


@transaction.atomic
def close_seat(seat: Seat, *, reason: str, by: User) -> None:
    """Take a seat that cannot run out of the computation, before it is repeated."""
    seat.closed_why = reason
    with while_it_is_allowed():
        seat.save(update_fields=["closed_why"])
    record(seat.round, gettext_noop("Position taken out"), by=by, seat=str(seat), why=reason)
    notify(
        people_of(seat.position.organisation),
        gettext_noop("“%(round)s”: your position “%(position)s” was taken out: %(reason)s"),
        url=reverse("rounds:round_detail", args=[seat.round.consortium, seat.round_id]),
        round=both(seat.round, "title"),
        position=both(seat.position, "title"),
        reason=reason,
    )


def newest_run(found: Round) -> Run:
    """The run that counts; there is one once a round was computed."""
    return found.runs.latest("pk")


def _store(
    found: Round, loaded: Loaded, matching: Matching, packed: Packed, by: User | None
) -> Run:
    run = Run.objects.create(
        round=found,
        by=by,
        at=clock.now(),
        inputs_digest=packed.inputs_digest,
        result_digest=packed.result_digest,
    )
    Bundle.objects.create(run=run, archive=packed.archive)
    store_outcomes(run, loaded, matching)
    store_grants(run, loaded, matching)
    return run


def _lock_run(found: Round) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [RUN_LOCK, found.pk])
        return bool(cursor.fetchone()[0])


def _tell_secretariat(found: Round, message: str) -> None:
    _tell(secretaries_of(found.consortium), message, found)


def _tell(people: Any, message: str, found: Round, page: str = "rounds:round_detail") -> None:
    url = reverse(page, args=[found.consortium, found.pk])
    notify(people, message, url=url, round=both(found, "title"))
