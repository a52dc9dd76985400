"""The hall of positions, one position, and what both sides do with it."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of
from silian.industry.demand import policy, services
from silian.industry.demand.forms import PositionForm, SkillFormSet
from silian.industry.demand.models import Position
from silian.industry.demand.tables import (
    DeskFilter,
    DeskTable,
    PositionFilter,
    PositionTable,
    pay_of,
)
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def position_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """The public hall."""
    published = policy.visible_positions(request.user).filter(
        consortium=consortium, state=Position.State.PUBLISHED
    )
    rows = published.order_by("-published_at")
    listing = Listing(request, rows, PositionTable, PositionFilter, name="positions")
    context = {
        "consortium": consortium,
        "may_state": policy.may_state(request.user, consortium),
        "may_review": policy.may_review(request.user, consortium),
    }
    return listing.page("demand/position_index.html", context)


def own_positions(request: Request, consortium: Consortium) -> HttpResponse:
    """What my organisations need, in every state."""
    mine = policy.visible_positions(request.user).filter(
        consortium=consortium, organisation__in=organisations_of(request.user)
    )
    context = {"consortium": consortium, "may_state": policy.may_state(request.user, consortium)}
    listing = Listing(request, mine, DeskTable, DeskFilter, name="our-positions")
    return listing.page("demand/own_positions.html", context)


def position_review(request: Request, consortium: Consortium) -> HttpResponse:
    """What members handed in, for the secretariat."""
    policy.may_review(request.user, consortium).enforce()
    rows = policy.visible_positions(request.user).filter(consortium=consortium)
    listing = Listing(request, rows, DeskTable, DeskFilter, name="positions")
    return listing.page("demand/position_review.html", {"consortium": consortium})


@login_not_required
def position_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    verdicts = {
        f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, position)
        for verb in "edit submit withdraw decide close confirm copy".split()
    }
    context = {
        "object": position,
        "consortium": consortium,
        "pay": pay_of(position),
        "needs": position.skill_needs.select_related("skill"),
        "programmes": position.programmes.all(),
        "inside": position.organisation_id in organisations_of(request.user)
        or bool(policy.may_review(request.user, consortium)),
        "json_ld": _job_posting(request, position),
        **verdicts,
    }
    return render(request, "demand/position_detail.html", context)


def position_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_state(request.user, consortium).enforce()
    blank = Position(contact_name=request.user.name, contact_phone=request.user.phone or "")
    return _form_page(request, consortium, blank)


def position_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    policy.may_edit(request.user, position).enforce()
    return _form_page(request, consortium, position)


@require_POST
def position_submit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    policy.may_submit(request.user, position).enforce()
    services.submit_position(position, by=request.user)
    return redirect("demand:position_detail", consortium, pk)


@require_POST
def position_withdraw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    policy.may_withdraw(request.user, position).enforce()
    services.withdraw_position(position, by=request.user)
    return redirect("demand:position_detail", consortium, pk)


@require_POST
def position_publish(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    policy.may_decide(request.user, position).enforce()
    services.publish_position(position, by=request.user)
    return redirect("demand:position_detail", consortium, pk)


@require_POST
def position_return(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    policy.may_decide(request.user, position).enforce()
    if reason := _reason(request):
        services.return_position(position, reason=reason, by=request.user)
    return redirect("demand:position_detail", consortium, pk)


@require_POST
def position_close(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    policy.may_close(request.user, position).enforce()
    if reason := _reason(request):
        services.close_position(position, reason=reason, by=request.user)
    return redirect("demand:position_detail", consortium, pk)


@require_POST
def position_confirm(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    policy.may_confirm(request.user, position).enforce()
    services.confirm_position(position, by=request.user)
    return redirect("demand:position_detail", consortium, pk)


@require_POST
def position_copy(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    policy.may_copy(request.user, position).enforce()
    draft = services.copy_position(position, by=request.user)
    return redirect("demand:position_edit", consortium, draft.pk)


def _visible(request: PublicRequest, consortium: Consortium, pk: int) -> Position:
    return get_object_or_404(policy.visible_positions(request.user), pk=pk, consortium=consortium)


def _reason(request: Request) -> str:
    """What the dialog asked for; without it nothing is done and the page says so."""
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        messages.error(request, _("Please give a reason."))
    return reason


def _form_page(request: Request, consortium: Consortium, position: Position) -> HttpResponse:
    submitting = "submit" in request.POST
    form = PositionForm(
        request.POST or None,
        instance=position,
        consortium=consortium,
        employers=policy.visible_employers(request.user, consortium),
        complete=submitting,
    )
    known = position.skill_needs.values("skill", "level") if position.pk else []
    skills = SkillFormSet(request.POST or None, prefix="skills", initial=list(known))
    if request.method == "POST" and all([form.is_valid(), skills.is_valid()]):
        saved = services.save_position(
            form.save(commit=False),
            skills=skills.chosen(),
            programmes=form.cleaned_data["programmes"],
            by=request.user,
        )
        if submitting:
            services.submit_position(saved, by=request.user)
        told = _("Handed in for review.") if submitting else _("The draft is saved.")
        messages.success(request, told)
        return redirect("demand:position_detail", consortium, saved.pk)
    own = reverse("demand:own_positions", args=[consortium])
    context: dict[str, Any] = {
        "form": form,
        "skills": skills,
        "consortium": consortium,
        "cancel": reverse("demand:position_detail", args=[consortium, position.pk])
        if position.pk
        else own,
    }
    return render(request, "demand/position_form.html", context)


def _job_posting(request: PublicRequest, position: Position) -> str:
    """The position as schema.org JobPosting, for search engines."""
    if position.state != Position.State.PUBLISHED or not position.published_at:
        return ""
    place = {"@type": "PostalAddress", "addressCountry": "CN", "streetAddress": position.address}
    if position.region:
        place["addressRegion"] = position.region.full_name or position.region.name
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": position.title,
        "description": position.duties or position.title,
        "datePosted": position.published_at.date().isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": position.organisation.name},
        "jobLocation": {"@type": "Place", "address": place},
        "employmentType": "FULL_TIME" if position.kind == Position.Kind.EMPLOYMENT else "INTERN",
        "totalJobOpenings": position.places,
        "url": request.build_absolute_uri(),
    }
    if position.pay_low or position.pay_high:
        pay = {"minValue": position.pay_low, "maxValue": position.pay_high, "unitText": "MONTH"}
        value = {"@type": "QuantitativeValue", **{k: v for k, v in pay.items() if v}}
        found["baseSalary"] = {"@type": "MonetaryAmount", "currency": "CNY", "value": value}
    return json.dumps(found, ensure_ascii=False).replace("<", "\\u003c")
