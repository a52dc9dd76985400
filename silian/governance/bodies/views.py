"""The register of a consortium's bodies, what its secretariat does to them, and their people."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.bodies import policy, services
from silian.governance.bodies.forms import (
    AppointmentForm,
    BodyForm,
    CloseForm,
    FoundForm,
    LeaveForm,
)
from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodies.tables import (
    BodyFilter,
    BodyTable,
    PeopleFilter,
    PeopleTable,
    StaffTable,
)
from silian.governance.bodykinds.fields import worded
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing

# --- the register -----------------------------------------------------------------------


@login_not_required
def body_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_bodies(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_create": policy.may_create(request.user, consortium),
    }
    listing = Listing(request, rows, BodyTable, BodyFilter, name="bodies")
    return listing.page("bodies/body_index.html", context)


@login_not_required
def body_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    body = _body(request, consortium, pk)
    context: dict[str, Any] = {
        "object": body,
        "body": body,
        "consortium": consortium,
        "co_builders": body.co_builders.all(),
        "people": policy.visible_appointments(request.user, body).running(),
    }
    verdicts = "edit found issue_plaque close see_record see_dealings manage appoint".split()
    context |= {
        f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, body) for verb in verdicts
    }
    context["may_create"] = policy.may_create(request.user, consortium)
    public = not context["may_see_dealings"]
    context["answers"] = worded(body.kind, body.answers, public=public)
    return render(request, "bodies/body_detail.html", context)


def _body(request: PublicRequest, consortium: Consortium, pk: int) -> Body:
    return get_object_or_404(policy.visible_bodies(request.user), pk=pk, consortium=consortium)


def body_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_create(request.user, consortium).enforce()
    cancel = reverse("bodies:body_index", args=[consortium])
    return _body_form(request, Body(consortium=consortium), "bodies/body_new.html", cancel)


def body_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    body = _body(request, consortium, pk)
    policy.may_edit(request.user, body).enforce()
    return _body_form(request, body, "bodies/body_edit.html", body.get_absolute_url())


def _body_form(request: Request, body: Body, template: str, cancel: str) -> HttpResponse:
    hosts = policy.visible_hosts(request.user, body.consortium)
    form = BodyForm(hosts, request.POST or None, instance=body)
    if form.is_valid():
        co_builders = form.cleaned_data["co_builders"]
        saved = services.save_body(
            form.save(commit=False), co_builders=co_builders, by=request.user
        )
        messages.success(request, _("Saved."))
        return redirect(saved)
    context = {"consortium": body.consortium, "form": form, "cancel": cancel}
    return render(request, template, context)


def body_found(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    body = _body(request, consortium, pk)
    policy.may_found(request.user, body).enforce()
    form = FoundForm(request.POST or None, instance=body)
    if form.is_valid():
        services.found_body(body, by=request.user, **form.cleaned_data)
        messages.success(request, _("The body is founded."))
        return redirect(body)
    context = {"body": body, "form": form, "cancel": body.get_absolute_url()}
    return render(request, "bodies/body_found.html", {"consortium": consortium} | context)


@require_POST
def body_plaque(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    body = _body(request, consortium, pk)
    policy.may_issue_plaque(request.user, body).enforce()
    plaque = services.issue_plaque(body, by=request.user)
    messages.success(request, _("Plaque %(number)s is issued.") % {"number": plaque.number})
    return redirect(body)


def body_close(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    body = _body(request, consortium, pk)
    policy.may_close(request.user, body).enforce()
    form = CloseForm(body, request.POST or None)
    if form.is_valid():
        services.close_body(body, by=request.user, **form.cleaned_data)
        messages.success(request, _("The body is closed."))
        return redirect(body)
    context = {"body": body, "form": form, "cancel": body.get_absolute_url()}
    return render(request, "bodies/body_close.html", {"consortium": consortium} | context)


# --- the people of a body, or of an application -----------------------------------------


def _staffed(request: PublicRequest, consortium: Consortium, pk: int) -> Body:
    """A body, or an application that ``request.user`` may see."""
    rows = policy.visible_staffed(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


@login_not_required
def people(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """Everybody reads who serves now; host, co-builders and reviewers also who did before."""
    body = _staffed(request, consortium, pk)
    rows = policy.visible_appointments(request.user, body)
    may_appoint = policy.may_appoint(request.user, body)
    context = {"consortium": consortium, "body": body, "may_appoint": may_appoint}
    table = StaffTable if may_appoint else PeopleTable
    listing = Listing(request, rows, table, PeopleFilter, name=f"people-{pk}", per_page=50)
    return listing.page("bodies/people.html", context)


def person_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    body = _staffed(request, consortium, pk)
    policy.may_appoint(request.user, body).enforce()
    return _person_form(request, Appointment(body=body))


def person_edit(request: Request, consortium: Consortium, pk: int, person: int) -> HttpResponse:
    body = _staffed(request, consortium, pk)
    appointment = get_object_or_404(policy.visible_appointments(request.user, body), pk=person)
    policy.may_appoint(request.user, body).enforce()
    return _person_form(request, appointment)


def _person_form(request: Request, appointment: Appointment) -> HttpResponse:
    body = appointment.body
    form = AppointmentForm(request.POST or None, instance=appointment)
    if form.is_valid():
        services.appoint(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("bodies:people", body.consortium, body.pk)
    context: dict[str, Any] = {"consortium": body.consortium, "body": body, "form": form}
    context |= {"appointment": appointment, "cancel": _people_page(body)}
    context["may_end"] = appointment.pk and policy.may_end(request.user, appointment)
    return render(request, "bodies/person.html", context)


def person_end(request: Request, consortium: Consortium, pk: int, person: int) -> HttpResponse:
    body = _staffed(request, consortium, pk)
    appointment = get_object_or_404(policy.visible_appointments(request.user, body), pk=person)
    policy.may_end(request.user, appointment).enforce()
    form = LeaveForm(appointment, request.POST or None)
    if form.is_valid():
        services.end_appointment(appointment, by=request.user, **form.cleaned_data)
        messages.success(request, _("The appointment has its end."))
        return redirect("bodies:people", consortium, pk)
    context: dict[str, Any] = {"consortium": consortium, "form": form, "cancel": _people_page(body)}
    return render(request, "bodies/person_end.html", context | {"appointment": appointment})


def _people_page(body: Body) -> str:
    return reverse("bodies:people", args=[body.consortium, body.pk])
