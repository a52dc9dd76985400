"""Checking and importing: at once where it is quick, in the background where it is not."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from silian.kernel.accounts.models import User
from silian.kernel.jobs import services as jobs
from silian.kernel.sheets import services
from silian.kernel.sheets.models import Import

ROWS_AT_ONCE = 500

Step = Callable[..., None]


def check_soon(found: Import, rows: int, *, by: User) -> None:
    """The dry run of a file with about so many rows."""
    if rows <= ROWS_AT_ONCE:
        services.check(found, by=by)
    else:
        start(check_import, found, gettext_noop("Checking a spreadsheet"), by)


def import_soon(found: Import, *, by: User) -> None:
    if found.total <= ROWS_AT_ONCE:
        services.carry_out(found, by=by)
    else:
        start(save_import, found, gettext_noop("Importing a spreadsheet"), by)


@transaction.atomic
def start(task: Task[..., Any, ...], found: Import, title: str, by: User) -> None:
    url = reverse("sheets:import_detail", args=[found.sheet, found.scope, found.pk])
    job = jobs.start(task, title=title, by=by, url=url, import_id=found.pk, user_id=by.pk)
    Import.objects.filter(pk=found.pk).update(job=job)


@app.task(name="sheets.check")
def check_import(*, job_id: int, import_id: int, user_id: int) -> None:
    run(services.check, job_id, import_id, user_id, passes=1)


@app.task(name="sheets.import")
def save_import(*, job_id: int, import_id: int, user_id: int) -> None:
    run(services.carry_out, job_id, import_id, user_id, passes=2)


def run(step: Step, job_id: int, import_id: int, user_id: int, passes: int) -> None:
    """Do ``step``, telling the job how many rows it went over, ``passes`` times each."""
    found = Import.objects.get(pk=import_id)
    with jobs.running(job_id) as job:
        total = passes * (found.total or len(services.grid_of(found).rows))
        step(
            found,
            by=User.objects.get(pk=user_id),
            progress=lambda done: job.advance(min(done, total), total),
        )
        if found.state == Import.State.FAILED:
            raise RuntimeError(found.failure)
