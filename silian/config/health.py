"""Two questions that whatever runs Silian asks: is the process alive, and can it do its work?"""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

WORKER_SEEN_WITHIN = 60  # seconds; a worker reports every ten


@require_safe
@never_cache
@login_not_required
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing else, so that a lost database restarts no web server."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations and a worker are there: 200, else 503.

    A load balancer asks ``?for=web``, which leaves out the worker: pages can be read without one.
    """
    state = {"database": database_answers()}
    state["migrations"] = state["database"] and migrations_applied()
    if request.GET.get("for") != "web":
        state["worker"] = state["database"] and worker_seen()
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def migrations_applied() -> bool:
    try:
        return nothing_to_migrate()
    except Unmigrated:
        return False


class Unmigrated(Exception):
    """Raised rather than returned, so that only the good news is remembered."""


@cache
def nothing_to_migrate() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unmigrated
    return True


def worker_seen() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers "
            "WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [WORKER_SEEN_WITHIN],
        )
        return bool(cursor.fetchone()[0])
