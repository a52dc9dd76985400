"""Starting work in the background, running it, and repeating what was interrupted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from procrastinate.tasks import Task

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.jobs.models import Job


@transaction.atomic
def start(
    task: Task[..., Any, ...], *, title: str, by: User | None, url: str = "", **kwargs: Any
) -> Job:
    """Queue ``task(job_id=…, **kwargs)`` and return the Job that shows how far it is.

    ``title`` is an English msgid marked with gettext_noop, ``url`` where the result will be shown.
    The queue lives in the same database: the task is queued by the transaction that calls this,
    so a worker sees it after the commit and never if there is none.
    """
    job = Job.objects.create(title=title, by=by, url=url, queue_id=None)
    job.queue_id = task.defer(job_id=job.pk, **kwargs)
    job.save(update_fields=["queue_id"])
    return job


@contextmanager
def running(job_id: int) -> Iterator[Job]:
    """Around the work of a task: the Job is running, then done, or failed with the error's text.

    A task may be run again after its worker was killed, so it does its work in one transaction
    or finds out what is already done. Call this outside that transaction.
    """
    job = Job.objects.get(pk=job_id)
    job._within_transaction = connection.in_atomic_block
    _write(job, state=Job.State.RUNNING, done=0, error="", ended_at=None)
    try:
        yield job
    except BaseException as error:
        _write(job, state=Job.State.FAILED, error=_text(error), ended_at=clock.now())
        raise
    _write(job, state=Job.State.DONE, done=job.done, total=job.total, ended_at=clock.now())


def _write(job: Job, **fields: Any) -> None:
    """To the row and to the object, leaving alone what the work itself may set on the row."""
    Job.objects.filter(pk=job.pk).update(**fields)
    for name, value in fields.items():
        setattr(job, name, value)


def _text(error: BaseException) -> str:
    """What went wrong, for the person who started it."""
    messages = getattr(error, "messages", None)  # a ValidationError has several
    return "\n".join(messages) if messages else str(error) or type(error).__name__
