"""The work plan of a consortium: key tasks, and the targets of one year."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.plans import policy, services
from silian.governance.plans.forms import ReportForm, TargetForm, TaskForm
from silian.governance.plans.models import Target, Task
from silian.governance.plans.tables import TargetTable
from silian.kernel import clock
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def plan(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    targets = policy.visible_targets(request.user).filter(consortium=consortium)
    years = sorted(set(targets.order_by().values_list("year", flat=True)), reverse=True)
    year = _year(request.GET.get("year", ""), years)
    context = {
        "consortium": consortium,
        "tasks": policy.visible_tasks(request.user).filter(consortium=consortium),
        "years": years,
        "year": year,
        "may_edit": policy.may_edit(request.user, consortium),
    }
    rows = targets.filter(year=year)
    listing = Listing(request, rows, TargetTable, name=f"targets-{year}", per_page=100)
    return listing.page("plans/plan.html", context)


def _year(asked: str, years: list[int]) -> int:
    """The year asked for; else this one, or the nearest before it for which there are targets."""
    if asked in map(str, years):
        return int(asked)
    this = clock.today().year
    return next((year for year in years if year <= this), this)


def _plan_url(consortium: Consortium, year: int | None = None) -> str:
    url = reverse("plans:plan", args=[consortium])
    return f"{url}?year={year}" if year else url


# --- tasks ------------------------------------------------------------------------------


def task_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    return _task_form(request, Task(consortium=consortium), "plans/task_new.html")


def task_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    task = _task(request, consortium, pk)
    verdict = policy.may_remove_task(request.user, task)
    return _task_form(request, task, "plans/task_edit.html", may_remove=verdict)


def _task_form(request: Request, task: Task, template: str, **more: Any) -> HttpResponse:
    owners = policy.visible_owners(request.user, task)
    form = TaskForm(owners, request.POST or None, instance=task)
    if form.is_valid():
        services.save_task(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("plans:plan", task.consortium)
    context = {"consortium": task.consortium, "task": task, "form": form}
    return render(request, template, context | {"cancel": _plan_url(task.consortium)} | more)


@require_POST
def task_shift(request: Request, consortium: Consortium, pk: int, down: bool) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    services.shift_task(_task(request, consortium, pk), by=request.user, down=down)
    return redirect("plans:plan", consortium)


@require_POST
def task_remove(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    task = _task(request, consortium, pk)
    policy.may_remove_task(request.user, task).enforce()
    services.remove_task(task, by=request.user)
    messages.success(request, _("Deleted."))
    return redirect("plans:plan", consortium)


def _task(request: Request, consortium: Consortium, pk: int) -> Task:
    return get_object_or_404(policy.visible_tasks(request.user), pk=pk, consortium=consortium)


# --- targets ----------------------------------------------------------------------------


@login_not_required
def target_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    target = _target(request, consortium, pk)
    context = {
        "object": target,
        "target": target,
        "consortium": consortium,
        "may_edit": policy.may_edit(request.user, consortium),
        "may_remove": policy.may_remove_target(request.user, target),
    }
    return render(request, "plans/target_detail.html", context)


def _target(request: PublicRequest, consortium: Consortium, pk: int) -> Target:
    return get_object_or_404(policy.visible_targets(request.user), pk=pk, consortium=consortium)


def target_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    cancel = _plan_url(consortium)
    return _target_form(request, Target(consortium=consortium), "plans/target_new.html", cancel)


def target_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    target = _target(request, consortium, pk)
    return _target_form(request, target, "plans/target_edit.html", target.get_absolute_url())


def _target_form(request: Request, target: Target, template: str, cancel: str) -> HttpResponse:
    form = TargetForm(request.POST or None, instance=target)
    if form.is_valid():
        saved = services.save_target(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(_plan_url(saved.consortium, saved.year))
    context = {"consortium": target.consortium, "form": form, "cancel": cancel}
    return render(request, template, context)


def target_report(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    policy.may_edit(request.user, consortium).enforce()
    target = _target(request, consortium, pk)
    form = ReportForm(request.POST or None, instance=target)
    if form.is_valid():
        services.report_reached(target, by=request.user, **form.cleaned_data)
        messages.success(request, _("The result is reported."))
        return redirect(target)
    context = {"target": target, "form": form, "cancel": target.get_absolute_url()}
    return render(request, "plans/target_report.html", {"consortium": consortium} | context)


@require_POST
def target_remove(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    target = _target(request, consortium, pk)
    policy.may_remove_target(request.user, target).enforce()
    services.remove_target(target, by=request.user)
    messages.success(request, _("Deleted."))
    return redirect(_plan_url(consortium, target.year))
