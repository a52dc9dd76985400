from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from procrastinate.contrib.django import app

from silian.kernel.http import Request
from silian.kernel.jobs import policy, services
from silian.kernel.jobs.models import stalled
from silian.kernel.jobs.tables import (
    EVENTS,
    STATUSES,
    JobFilter,
    JobTable,
    QueueFilter,
    QueueTable,
    name_of,
)
from silian.kernel.ui.listing import Listing


def job_index(request: Request) -> HttpResponse:
    """What this person started."""
    mine = policy.visible_jobs(request.user).filter(by=request.user)
    return Listing(request, mine, JobTable, JobFilter, name="jobs").page("jobs/index.html")


def job_detail(request: Request, pk: int) -> HttpResponse:
    """One job, with its progress: where a view sends people after it started one."""
    job = get_object_or_404(policy.visible_jobs(request.user), pk=pk)
    return render(request, "jobs/job.html", {"job": job})


def progress(request: Request, pk: int) -> HttpResponse:
    """The progress alone, as it asks for itself until the job is over."""
    job = get_object_or_404(policy.visible_jobs(request.user), pk=pk)
    response = render(request, "ui/progress.html", {"job": job})
    response["Cache-Control"] = "no-store"
    return response


def queue_index(request: Request) -> HttpResponse:
    """The queue, its workers and its periodic tasks, for the system administrator."""
    policy.may_run_the_system(request.user).enforce()
    rows = policy.visible_queue(request.user)
    counts = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    periodic = app.periodic_registry.periodic_tasks.values()
    context = {
        "counts": [(label, key, counts.get(key, 0)) for key, (label, _c) in STATUSES.items()],
        "workers": policy.visible_workers(request.user),
        "interrupted": stalled().count(),
        "periodic": sorted((each.task.name, each.cron) for each in periodic),
    }
    listing = Listing(request, rows.order_by("-pk"), QueueTable, QueueFilter, name="queue")
    return listing.page("jobs/queue.html", context)


def queued(request: Request, pk: int) -> HttpResponse:
    """One piece of work in the queue, with what happened to it."""
    work = get_object_or_404(policy.visible_queue(request.user), pk=pk)
    label, colour = STATUSES.get(work.status, (work.status, "secondary"))
    context = {
        "work": work,
        "name": name_of(work),
        "label": label,
        "colour": colour,
        "events": [
            (EVENTS.get(event.type, event.type), event.at)
            for event in work.procrastinateevent_set.order_by("at", "pk")
        ],
        "may_retry": policy.may_retry(request.user, work),
    }
    return render(request, "jobs/queued.html", context)


@require_POST
def retry(request: Request, pk: int) -> HttpResponse:
    work = get_object_or_404(policy.visible_queue(request.user), pk=pk)
    policy.may_retry(request.user, work).enforce()
    services.retry(work, by=request.user)
    messages.success(request, _("It will be done again."))
    return redirect("jobs:queued", pk)
