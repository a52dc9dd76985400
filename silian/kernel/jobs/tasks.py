"""What keeps the queue itself in order."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from procrastinate import App, JobContext
from procrastinate.contrib.django import app

from silian.kernel.jobs import services

KEPT_HOURS = {"succeeded": 3 * 24, "failed": 90 * 24}


def keep_errors(registered: App) -> None:
    """Called when the queue is ready (PROCRASTINATE_ON_APP_READY)."""
    registered.worker_defaults.setdefault("task_middleware", []).append(_keep_error)


def _keep_error(call_next: Callable[[], Any], context: JobContext, worker: Any) -> Any:
    try:
        return call_next()
    except Exception as error:
        if context.job.id:
            services.note_failure(context.job.id, context.job.task_name, error)
        raise


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="jobs.tend")
def tend(timestamp: int) -> None:
    """Find work whose worker was killed, and have it done again."""
    services.tend()


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="jobs.tidy")
def tidy(timestamp: int) -> None:
    """Forget finished work of the queue, and errors that nobody had started; people's Jobs stay."""
    forget = async_to_sync(services.queue.delete_old_jobs)
    forget(nb_hours=KEPT_HOURS["succeeded"])
    forget(nb_hours=KEPT_HOURS["failed"], include_failed=True)
    services.forget_unwatched()
