"""The register of a consortium's bodies, and what its secretariat does to them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.bodies import policy, services
from silian.governance.bodies.forms import BodyForm, CloseForm, FoundForm
from silian.governance.bodies.models import Body
from silian.governance.bodies.tables import BodyFilter, BodyTable
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


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
    context = {
        "object": body,
        "body": body,
        "consortium": consortium,
        "co_builders": body.co_builders.all(),
    }
    verdicts = "create edit found issue_plaque close see_record".split()
    sides = {verb: consortium if verb == "create" else body for verb in verdicts}
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, s) for v, s in sides.items()}
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
    form = FoundForm(request.POST or None)
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
