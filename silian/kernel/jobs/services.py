"""Starting work in the background, running it, and repeating what was interrupted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.dispatch import Signal
from django.utils import translation
from django.utils.translation import gettext
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.tasks import Task, configure_task

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.jobs.models import Job, stalled

# The queue as seen through Django's connection, also inside a worker: what is written
# here belongs to the transaction that writes it.
queue = JobManager(DjangoConnector())
ATTEMPTS = 3  # a task that took three workers with it is not given to a fourth

# Sent with ``job`` and ``by`` when somebody has failed work done again. The record listens; it
# cannot be called from here, because its own check is a job.
retried = Signal()


@transaction.atomic
def start(
    task: Task[..., Any, ...], *, title: str, by: User | None, url: str = "", **kwargs: Any
) -> Job:
    """Queue ``task(job_id=…, **kwargs)`` and return the Job that shows how far it is.

    ``title`` is an English msgid marked with gettext_noop, ``url`` where the result will be shown.
    """
    job = Job.objects.create(title=title, by=by, url=url)
    job.queue_id = defer(task, job_id=job.pk, **kwargs)
    job.save(update_fields=["queue_id"])
    return job


def defer(task: Task[..., Any, ...], **kwargs: Any) -> int:
    """Queue a task that nobody watches, and return its key in the queue.

    The queue lives in the same database: a task is queued by the transaction that calls this,
    so a worker sees it after the commit, and never if there is none.
    """
    deferrer = configure_task(
        name=task.name,
        job_manager=queue,
        queue=task.queue,
        lock=task.lock,
        queueing_lock=task.queueing_lock,
        priority=task.priority,
    )
    return deferrer.defer(**kwargs)


@contextmanager
def running(job_id: int) -> Iterator[Job]:
    """Around the work of a task: the Job is running, then done, or failed with the error's text.

    A task may be run again after its worker was killed, so it does its work in one transaction
    or finds out what is already done. Call this outside that transaction. What the work says to
    people, errors too, is in the language of whoever started it.
    """
    job = Job.objects.select_related("by").get(pk=job_id)
    job._within_transaction = connection.in_atomic_block
    _write(job, state=Job.State.RUNNING, done=0, error="", ended_at=None)
    with translation.override(_language(job)):
        try:
            yield job
        except BaseException as error:
            _write(job, state=Job.State.FAILED, error=_text(error), ended_at=clock.now())
            raise
    _write(job, state=Job.State.DONE, done=job.done, total=job.total, ended_at=clock.now())


def note_failure(queue_id: int, task_name: str, error: BaseException) -> None:
    """Keep the error of a task that has no Job, so that the system administrator can read it."""
    facts = {"title": task_name, "state": Job.State.FAILED, "ended_at": clock.now()}
    Job.objects.get_or_create(queue_id=queue_id, defaults={**facts, "error": _text(error)})


def forget_unwatched() -> None:
    """Drop such errors when the queue has forgotten their tasks."""
    known = ProcrastinateJob.objects.filter(pk=OuterRef("queue_id"))
    Job.objects.filter(~Exists(known), by=None).delete()


@transaction.atomic
def retry(queued: ProcrastinateJob, *, by: User) -> None:
    """Have failed or interrupted work done again."""
    _again(queued)
    retried.send(ProcrastinateJob, job=queued, by=by)


@transaction.atomic
def tend() -> None:
    """Put right what killed workers left behind; called every minute by whoever is alive."""
    for queued in stalled().select_for_update(of=("self",), skip_locked=True):
        if _is_done(queued):
            _finish(queued, Status.SUCCEEDED)
        elif queued.attempts + 1 < ATTEMPTS:
            _again(queued)
        else:
            _finish(queued, Status.FAILED)
    _fail_what_the_queue_gave_up()


def _is_done(queued: ProcrastinateJob) -> bool:
    """Was the worker killed between the end of the work and telling the queue so?"""
    return Job.objects.filter(queue_id=queued.pk, state=Job.State.DONE).exists()


def _again(queued: ProcrastinateJob) -> None:
    queue.retry_job_by_id(queued.pk, retry_at=None)  # type: ignore[arg-type]  # at once
    fresh = {"state": Job.State.WAITING, "done": 0, "error": "", "ended_at": None}
    Job.objects.filter(queue_id=queued.pk).update(**fresh)


def _finish(queued: ProcrastinateJob, status: Status) -> None:
    async_to_sync(queue.finish_job_by_id_async)(queued.pk, status, delete_job=False)


def _fail_what_the_queue_gave_up() -> None:
    """No Job stays running or waiting when nothing in the queue will ever end it."""
    alive = ProcrastinateJob.objects.filter(pk=OuterRef("queue_id"), status__in=["todo", "doing"])
    lost = Job.objects.not_over().filter(~Exists(alive), queue_id__isnull=False)
    for job in lost.select_related("by"):
        with translation.override(_language(job)):
            text = gettext("The work was interrupted again and again and has been given up.")
            _write(job, state=Job.State.FAILED, error=text, ended_at=clock.now())


def _write(job: Job, **fields: Any) -> None:
    """To the row and to the object, leaving alone what the work itself may set on the row."""
    Job.objects.filter(pk=job.pk).update(**fields)
    for name, value in fields.items():
        setattr(job, name, value)


def _language(job: Job) -> str:
    return job.by.language if job.by else settings.LANGUAGE_CODE


def _text(error: BaseException) -> str:
    """What went wrong, for the person who started it."""
    messages = getattr(error, "messages", None)  # a ValidationError has several
    return "\n".join(messages) if messages else str(error) or type(error).__name__
