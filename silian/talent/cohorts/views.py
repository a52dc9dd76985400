"""The cohorts of a consortium, one cohort, and what is done with it as a whole."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict
from silian.talent.cohorts import policy, rules, services
from silian.talent.cohorts.forms import CohortForm
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.tables import CohortFilter, CohortTable


@login_not_required
def cohort_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_cohorts(request.user).filter(consortium=consortium)
    listing = Listing(request, rows, CohortTable, CohortFilter, name="cohorts")
    context = {
        "consortium": consortium,
        "may_create": policy.may_create(request.user, consortium),
        "founding": policy.founding_agreements(request.user, consortium)
        if request.user.is_authenticated
        else (),
    }
    return listing.page("cohorts/cohort_index.html", context)


@login_not_required
def cohort_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """What everybody may read; both sides and the secretariat find here what to do next."""
    cohort = cohort_of(request, consortium, pk)
    inside = bool(policy.may_take_part(request.user, cohort))
    verbs = "edit submit pass decide start finish cancel".split()
    verdicts = {f"may_{v}": getattr(policy, f"may_{v}")(request.user, cohort) for v in verbs}
    context = {
        "object": cohort,
        "consortium": consortium,
        "inside": inside,
        "open_to": cohort.open_to.all(),
        "findings": rules.findings(cohort) if inside and verdicts["may_edit"] else (),
        **verdicts,
    }
    return render(request, "cohorts/cohort_detail.html", context)


def cohort_new(request: Request, consortium: Consortium) -> HttpResponse:
    """A new cohort; the address may name the agreement that it stands on."""
    policy.may_create(request.user, consortium).enforce()
    blank = Cohort(consortium=consortium)
    if key := request.GET.get("agreement", ""):
        rows = policy.founding_agreements(request.user, consortium)
        agreement = get_object_or_404(rows, pk=key if key.isdecimal() else 0)
        blank = services.from_agreement(agreement)
    return _form_page(request, consortium, blank)


def cohort_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = cohort_of(request, consortium, pk)
    policy.may_edit(request.user, cohort).enforce()
    return _form_page(request, consortium, cohort)


# What is done to a cohort by pressing a button: who may, and the service that does it.
VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "submit": (policy.may_submit, services.submit_cohort),
    "open": (policy.may_decide, services.open_cohort),
    "start": (policy.may_start, services.start_cohort),
    "finish": (policy.may_finish, services.finish_cohort),
}
REASONED: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "return": (policy.may_decide, services.return_cohort),
    "cancel": (policy.may_cancel, services.cancel_cohort),
}


@require_POST
def cohort_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    cohort = cohort_of(request, consortium, pk)
    may, service = {**VERBS, **REASONED}.get(verb, (None, None))
    if may is None or service is None:
        raise Http404
    may(request.user, cohort).enforce()
    words = {}
    if verb in REASONED and not (words := _reason(request)):
        return redirect(cohort)
    try:
        service(cohort, by=request.user, **words)
    except rules.RulesBroken as broken:
        messages.error(request, str(broken))
    return redirect(cohort)


@require_POST
def warning_pass(request: Request, consortium: Consortium, pk: int, rule: str) -> HttpResponse:
    cohort = cohort_of(request, consortium, pk)
    policy.may_pass(request.user, cohort).enforce()
    found = [f.rule for f in rules.findings(cohort) if f.rule.id == rule and f.waivable]
    if not found:
        raise Http404
    if words := _reason(request):
        services.pass_warning(cohort, found[0], by=request.user, **words)
    return redirect(cohort)


def cohort_of(request: PublicRequest, consortium: Consortium, pk: int) -> Cohort:
    return get_object_or_404(policy.visible_cohorts(request.user), pk=pk, consortium=consortium)


def _reason(request: Request) -> dict[str, str]:
    """What the dialog asked for; without it nothing is done and the page says so."""
    if reason := request.POST.get("reason", "").strip()[:300]:
        return {"reason": reason}
    messages.error(request, _("Please give a reason."))
    return {}


def _form_page(request: Request, consortium: Consortium, cohort: Cohort) -> HttpResponse:
    form = CohortForm(request.POST or None, instance=cohort, consortium=consortium, by=request.user)
    if request.method == "POST" and form.is_valid():
        saved = services.save_cohort(
            form.save(commit=False),
            partners=form.cleaned_data["partners"],
            open_to=form.cleaned_data["open_to"],
            by=request.user,
        )
        messages.success(request, _("Saved."))
        return redirect(saved)
    index = reverse("cohorts:cohort_index", args=[consortium])
    context = {
        "form": form,
        "consortium": consortium,
        "cancel": cohort.get_absolute_url() if cohort.pk else index,
    }
    return render(request, "cohorts/cohort_form.html", context)
