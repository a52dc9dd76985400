"""What happens during an internship: one page each for plan, journal, visits, incidents, pay."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.talent.internships.models import Internship
from silian.talent.internships.policy import is_intern, may_keep, visible_internships
from silian.talent.practice import policy, services
from silian.talent.practice.forms import (
    EntryForm,
    GuidanceForm,
    IncidentForm,
    PaymentForm,
    TaskForm,
)
from silian.talent.practice.models import Entry, Guidance, Incident, Payment, Task


def _internship(request: Request, consortium: Consortium, pk: int) -> Internship:
    rows = visible_internships(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _part(request: Request, internship: Internship, part: str, **context: Any) -> HttpResponse:
    place = {"consortium": internship.consortium, "internship": internship, "here": part}
    return render(request, f"practice/{part}.html", {**place, **context})


def _reason(request: Request) -> str:
    why = request.POST.get("reason", "").strip()[:2000]
    if not why:
        messages.error(request, _("Please give a reason."))
    return why


# --- plan ---------------------------------------------------------------------------------


def plan(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    may_plan = policy.may_plan(request.user, internship)
    form = TaskForm(request.POST or None, instance=Task(internship=internship))
    if form.is_bound:
        may_plan.enforce()
        if form.is_valid():
            services.save_task(form.save(commit=False), by=request.user)
            return redirect("practice:plan", consortium, pk)
    tasks = policy.visible_tasks(request.user).filter(internship=internship)
    return _part(request, internship, "plan", form=form, tasks=tasks, may_plan=may_plan)


@require_POST
def task_remove(request: Request, consortium: Consortium, pk: int, task: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    rows = policy.visible_tasks(request.user).filter(internship=internship)
    policy.may_plan(request.user, internship).enforce()
    services.remove_task(get_object_or_404(rows, pk=task), by=request.user)
    return redirect("practice:plan", consortium, pk)


# --- journal ------------------------------------------------------------------------------


def journal(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    entries = policy.visible_entries(request.user).filter(internship=internship)
    may_write = policy.may_write(request.user, internship)
    missing = policy.missing_weeks(internship) if internship.state == "running" else []
    return _part(
        request, internship, "journal", entries=entries, may_write=may_write, missing=missing
    )


def entry_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    policy.may_write(request.user, internship).enforce()
    return _entry_form(request, Entry(internship=internship))


def entry_edit(request: Request, consortium: Consortium, pk: int, entry: int) -> HttpResponse:
    found = _entry(request, consortium, pk, entry)
    policy.may_change(request.user, found).enforce()
    return _entry_form(request, found)


def _entry_form(request: Request, entry: Entry) -> HttpResponse:
    """Save as often as one likes; hand in when the week is complete."""
    form = EntryForm(request.POST or None, request.FILES or None, instance=entry)
    internship = entry.internship
    back = reverse("practice:journal", args=[internship.consortium, internship.pk])
    if form.is_valid():
        data = form.cleaned_data
        saved = services.save_entry(
            form.save(commit=False), by=request.user, tasks=data["tasks"], uploads=data["uploads"]
        )
        if "hand_in" in request.POST:
            services.hand_in(saved, by=request.user)
            messages.success(request, _("Handed in. Your mentors are told."))
        else:
            messages.success(request, _("Saved as a draft, which nobody but you sees."))
        return redirect(f"{back}?kept=entry-{internship.pk}")
    context: dict[str, Any] = {"consortium": internship.consortium, "internship": internship}
    context |= {"form": form, "entry": entry, "cancel": back}
    return render(request, "practice/entry_form.html", context)


def entry_detail(request: Request, consortium: Consortium, pk: int, entry: int) -> HttpResponse:
    found = _entry(request, consortium, pk, entry)
    context: dict[str, Any] = {"entry": found, "object": found}
    context["may_change"] = policy.may_change(request.user, found)
    context["may_answer"] = policy.may_answer(request.user, found)
    return _part(request, found.internship, "entry_detail", **context)


@require_POST
def entry_confirm(request: Request, consortium: Consortium, pk: int, entry: int) -> HttpResponse:
    found = _entry(request, consortium, pk, entry)
    policy.may_answer(request.user, found).enforce()
    services.confirm_entry(found, by=request.user)
    messages.success(request, _("Confirmed."))
    return redirect("practice:journal", consortium, pk)


@require_POST
def entry_return(request: Request, consortium: Consortium, pk: int, entry: int) -> HttpResponse:
    found = _entry(request, consortium, pk, entry)
    policy.may_answer(request.user, found).enforce()
    if why := _reason(request):
        services.return_entry(found, by=request.user, why=why)
        messages.success(request, _("Returned; the student is told why."))
    return redirect("practice:journal", consortium, pk)


def entry_file(
    request: Request, consortium: Consortium, pk: int, entry: int, file: int
) -> FileResponse:
    found = _entry(request, consortium, pk, entry)
    evidence = get_object_or_404(found.evidence.all(), pk=file)
    return respond(evidence.file, inline=True)


def _entry(request: Request, consortium: Consortium, pk: int, entry: int) -> Entry:
    internship = _internship(request, consortium, pk)
    rows = policy.visible_entries(request.user)
    found = get_object_or_404(rows, pk=entry, internship=internship)
    found.internship = internship
    return found


# --- visits, incidents --------------------------------------------------------------------


def visits(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    may_guide = policy.may_guide(request.user, internship)
    form = GuidanceForm(request.POST or None, instance=Guidance(internship=internship))
    if form.is_bound:
        may_guide.enforce()
        if form.is_valid():
            services.note_guidance(form.save(commit=False), by=request.user)
            return redirect("practice:visits", consortium, pk)
    rows = policy.visible_guidance(request.user).filter(internship=internship)
    hours = sum(row.hours for row in rows)
    return _part(
        request, internship, "visits", form=form, rows=rows, hours=hours, may_guide=may_guide
    )


def incidents(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    may_report = policy.may_report(request.user, internship)
    form = IncidentForm(request.POST or None, instance=Incident(internship=internship))
    if form.is_bound:
        may_report.enforce()
        if form.is_valid():
            services.report_incident(form.save(commit=False), by=request.user)
            messages.success(request, _("Reported. School, unit and mentors are told."))
            return redirect("practice:incidents", consortium, pk)
    rows = policy.visible_incidents(request.user).filter(internship=internship)
    of_school = may_keep(request.user, internship)
    context = {"form": form, "rows": rows, "may_report": may_report, "of_school": of_school}
    return _part(request, internship, "incidents", **context)


@require_POST
def incident_close(
    request: Request, consortium: Consortium, pk: int, incident: int
) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    rows = policy.visible_incidents(request.user).filter(internship=internship)
    found = get_object_or_404(rows, pk=incident)
    policy.may_close(request.user, found).enforce()
    if follow_up := _reason(request):
        services.close_incident(found, by=request.user, follow_up=follow_up)
    return redirect("practice:incidents", consortium, pk)


# --- pay ----------------------------------------------------------------------------------


def pay(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    may_pay = policy.may_pay(request.user, internship)
    rows = policy.visible_payments(request.user).filter(internship=internship)
    month = request.POST.get("month", "")
    known = next((row for row in rows if f"{row.month}" == month and not row.confirmed_at), None)
    instance = known or Payment(internship=internship)
    form = PaymentForm(request.POST or None, instance=instance)
    if form.is_bound:
        may_pay.enforce()
        if form.is_valid():
            services.enter_payment(form.save(commit=False), by=request.user)
            return redirect("practice:pay", consortium, pk)
    context = {"form": form, "rows": rows, "may_pay": may_pay}
    context |= {"gaps": policy.pay_gaps(internship)}
    context["is_intern"] = is_intern(request.user, internship)
    return _part(request, internship, "pay", **context)


@require_POST
def payment_confirm(
    request: Request, consortium: Consortium, pk: int, payment: int
) -> HttpResponse:
    found = _payment(request, consortium, pk, payment)
    policy.may_confirm(request.user, found).enforce()
    services.confirm_payment(found, by=request.user)
    return redirect("practice:pay", consortium, pk)


@require_POST
def payment_dispute(
    request: Request, consortium: Consortium, pk: int, payment: int
) -> HttpResponse:
    found = _payment(request, consortium, pk, payment)
    policy.may_confirm(request.user, found).enforce()
    if why := _reason(request):
        services.dispute_payment(found, by=request.user, why=why)
    return redirect("practice:pay", consortium, pk)


def _payment(request: Request, consortium: Consortium, pk: int, payment: int) -> Payment:
    internship = _internship(request, consortium, pk)
    rows = policy.visible_payments(request.user).filter(internship=internship)
    return get_object_or_404(rows, pk=payment)
