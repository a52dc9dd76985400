"""Internships of a consortium, and what their schools and units do with them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from silian.governance.agreements.rules import RulesBroken
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.talent.consents.services import note_views
from silian.talent.internships import policy, services
from silian.talent.internships.facts import findings
from silian.talent.internships.forms import (
    AdjustForm,
    BreakOffForm,
    InternshipForm,
    NewForm,
)
from silian.talent.internships.models import Internship
from silian.talent.internships.tables import InternshipFilter, InternshipTable

SEEN = gettext_noop("Internship")
# what takes a press alone
ACTS: dict[str, Callable[..., None]] = {
    "card": services.check_card,
    "settle": services.settle,
    "start": services.start,
    "finish": services.finish,
}
VERDICTS = {"card": policy.may_check_card, "settle": policy.may_settle}
VERDICTS |= {"start": policy.may_start, "finish": policy.may_finish}


def internship_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_internships(request.user).filter(consortium=consortium)
    may_prepare = policy.may_prepare(request.user, consortium)
    context: dict[str, Any] = {"consortium": consortium, "may_prepare": may_prepare}
    if may_prepare:
        context["placements"] = policy.placements_to_follow(request.user, consortium)[:20]
        schools = policy.schools_of(request.user, consortium)
        context["schools"] = [(school, f"{consortium.slug}.{school.pk}") for school in schools]
    listing = Listing(request, rows, InternshipTable, InternshipFilter, name="internships")
    return listing.page("internships/internship_index.html", context)


def internship_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_prepare(request.user, consortium).enforce()
    schools = policy.schools_of(request.user, consortium)
    units = policy.units_of(consortium)
    form = NewForm(schools, units, request.POST or None, instance=Internship(consortium=consortium))
    if form.is_valid():
        found = services.save_internship(form.save(commit=False), by=request.user)
        return redirect("internships:internship_edit", consortium, found.pk)
    cancel = reverse("internships:internship_index", args=[consortium])
    context = {"consortium": consortium, "form": form, "cancel": cancel}
    return render(request, "internships/internship_form.html", context)


@require_POST
def internship_from(request: Request, consortium: Consortium, placement: int) -> HttpResponse:
    """One press makes the internship of a confirmed place."""
    policy.may_prepare(request.user, consortium).enforce()
    rows = policy.placements_to_follow(request.user, consortium)
    found = services.from_placement(get_object_or_404(rows, pk=placement), by=request.user)
    messages.success(request, _("The internship is prepared. Complete what the rules ask for."))
    return redirect(found)


def internship_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    school = policy.may_keep(request.user, internship)
    if internship.named and not school:  # type: ignore[attr-defined]  # annotated by policy
        person = internship.student.person_id
        note_views([person], SEEN, by=request.user, organisation=internship.unit)
    over = internship.state in Internship.OVER
    context: dict[str, Any] = {"consortium": consortium, "object": internship, "of_school": school}
    context["found"] = [] if over else findings(internship)
    context["is_intern"] = policy.is_intern(request.user, internship)
    context["agreed_to_know"] = policy.known_to_unit(internship)
    verbs = "edit adjust offer check_card settle start finish break_off cancel waive".split()
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, internship) for v in verbs}
    return render(request, "internships/internship_detail.html", context)


def internship_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    policy.may_edit(request.user, internship).enforce()
    return _form_page(request, internship, InternshipForm)


def internship_adjust(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Mentors and insurance."""
    internship = _internship(request, consortium, pk)
    policy.may_adjust(request.user, internship).enforce()
    return _form_page(request, internship, AdjustForm)


def _form_page(request: Request, internship: Internship, kind: type[AdjustForm]) -> HttpResponse:
    form = kind(request.POST or None, instance=internship)
    if form.is_valid():
        try:
            services.save_internship(form.save(commit=False), by=request.user)
        except RulesBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Saved."))
            return redirect(internship)
    context: dict[str, Any] = {"consortium": internship.consortium, "internship": internship}
    context |= {"form": form, "cancel": internship.get_absolute_url()}
    return render(request, "internships/internship_form.html", context)


@require_POST
def internship_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    """Check the card, let it stand, start, finish; or cancel with a reason."""
    internship = _internship(request, consortium, pk)
    if verb == "cancel":
        policy.may_cancel(request.user, internship).enforce()
        if why := _reason(request):
            services.cancel(internship, by=request.user, why=why)
        return redirect(internship)
    if verb not in ACTS:
        raise Http404
    VERDICTS[verb](request.user, internship).enforce()
    try:
        ACTS[verb](internship, by=request.user)
    except RulesBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, _("Done."))
    return redirect(internship)


def internship_break_off(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    policy.may_break_off(request.user, internship).enforce()
    form = BreakOffForm(internship, request.POST or None)
    if form.is_valid():
        services.break_off(internship, by=request.user, **form.cleaned_data)
        return redirect(internship)
    context: dict[str, Any] = {"consortium": consortium, "internship": internship, "form": form}
    context |= {"cancel": internship.get_absolute_url()}
    return render(request, "internships/internship_break_off.html", context)


@require_POST
def rule_waive(request: Request, consortium: Consortium, pk: int, rule: str) -> HttpResponse:
    """The school's written reason for going against a warning."""
    internship = _internship(request, consortium, pk)
    policy.may_waive(request.user, internship).enforce()
    waivable = {one.rule.id: one.rule for one in findings(internship) if one.waivable}
    if rule not in waivable:
        raise Http404
    if why := _reason(request):
        services.waive(internship, waivable[rule], by=request.user, reason=why)
        messages.success(request, _("The reason is kept and shown with the internship."))
    return redirect(internship)


@require_POST
def waiver_approve(request: Request, consortium: Consortium, waiver: int) -> HttpResponse:
    rows = policy.visible_waivers(request.user)
    found = get_object_or_404(rows, pk=waiver, internship__consortium=consortium)
    policy.may_approve(request.user, found).enforce()
    services.approve(found, by=request.user)
    messages.success(request, _("Approved."))
    return redirect(found.internship)


def _internship(request: Request, consortium: Consortium, pk: int) -> Internship:
    rows = policy.visible_internships(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _reason(request: Request) -> str:
    """What was given as reason; a message asks for one where there is none."""
    why = request.POST.get("reason", "").strip()[:2000]
    if not why:
        messages.error(request, _("Please give a reason."))
    return why
