"""Applications for bodies: written and handed in by members, answered by the secretariat."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from silian.governance.bodies.models import Body
from silian.governance.bodies.policy import (
    may_appoint,
    may_see_record,
    people_of_body,
    visible_hosts,
)
from silian.governance.bodykinds.fields import worded
from silian.governance.consortia.models import Consortium
from silian.governance.proposals import policy, services
from silian.governance.proposals.forms import OpinionForm, ProposalForm
from silian.governance.proposals.tables import ProposalFilter, ProposalTable, page_of
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict


def proposal_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_proposals(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_apply": policy.may_apply(request.user, consortium),
    }
    listing = Listing(request, rows, ProposalTable, ProposalFilter, name="applications")
    return listing.page("proposals/proposal_index.html", context)


def proposal_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    return _page(request, _proposal(request, consortium, pk), OpinionForm())


def _proposal(request: Request, consortium: Consortium, pk: int) -> Body:
    rows = policy.visible_proposals(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _page(request: Request, body: Body, opinion_form: OpinionForm) -> HttpResponse:
    context = {
        "object": body,
        "body": body,
        "consortium": body.consortium,
        "answers": worded(body.kind, body.answers, public=False),
        "co_builders": body.co_builders.all(),
        "people": people_of_body(body),
        "opinions": body.opinions.select_related("reviewer"),
        "opinion_form": opinion_form,
        "may_appoint": may_appoint(request.user, body),
        "may_see_record": may_see_record(request.user, body),
    }
    verdicts = "edit submit withdraw review see_opinions decide".split()
    context |= {
        f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, body) for verb in verdicts
    }
    return render(request, "proposals/proposal_detail.html", context)


def proposal_new(request: Request, consortium: Consortium) -> HttpResponse:
    """First the kind, which says what is asked; then the application."""
    policy.may_apply(request.user, consortium).enforce()
    kinds = policy.visible_kinds(request.user, consortium)
    kind = next((one for one in kinds if one.code == request.GET.get("kind")), None)
    if kind:
        body = Body(consortium=consortium, kind=kind, state=Body.State.DRAFT)
        return _proposal_form(request, body)
    context = {"consortium": consortium, "kinds": kinds}
    return render(request, "proposals/choose_kind.html", context)


def proposal_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    body = _proposal(request, consortium, pk)
    policy.may_edit(request.user, body).enforce()
    return _proposal_form(request, body)


def _proposal_form(request: Request, body: Body) -> HttpResponse:
    user, handing_in = request.user, "submit" in request.POST
    form = ProposalForm(
        request.POST or None,
        instance=body,
        applicants=policy.visible_applicants(user, body.consortium),
        members=visible_hosts(user, body.consortium),
        complete=handing_in,
    )
    cancel = page_of(body) if body.pk else _index(body.consortium)
    if form.is_valid():
        services.save_draft(
            form.save(commit=False), co_builders=form.cleaned_data["co_builders"], by=user
        )
        if handing_in:
            services.submit(body, by=user)
        sent, kept = _("The application is with the secretariat."), _("Saved.")
        messages.success(request, sent if handing_in else kept)
        return redirect(page_of(body))
    context = {"consortium": body.consortium, "body": body, "form": form, "cancel": cancel}
    return render(request, "proposals/proposal_form.html", context)


def _index(consortium: Consortium) -> str:
    return reverse("proposals:proposal_index", args=[consortium])


@require_POST
def opinion(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    body = _proposal(request, consortium, pk)
    policy.may_review(request.user, body).enforce()
    form = OpinionForm(request.POST)
    if form.is_valid():
        services.give_opinion(body, by=request.user, **form.cleaned_data)
        messages.success(request, _("The opinion is kept."))
        return redirect(page_of(body))
    return _page(request, body, form)


Act = tuple[Callable[[Any, Body], Verdict], Callable[..., None], bool, str]
ACTS: dict[str, Act] = {  # verb in the address: who may, what is done, is a reason asked, answer
    "submit": (
        policy.may_submit,
        lambda body, by, why: services.submit(body, by=by),
        False,
        gettext_noop("The application is with the secretariat."),
    ),
    "withdraw": (
        policy.may_withdraw,
        services.withdraw,
        False,
        gettext_noop("The application is withdrawn."),
    ),
    "accept": (
        policy.may_decide,
        services.accept,
        False,
        gettext_noop("The application is approved."),
    ),
    "return": (
        policy.may_decide,
        services.return_proposal,
        True,
        gettext_noop("The applicant is asked for a change."),
    ),
    "refuse": (
        policy.may_decide,
        services.refuse,
        True,
        gettext_noop("The application is refused."),
    ),
}


@require_POST
def act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    """One of ACTS, with the reason where one is asked for."""
    if verb not in ACTS:
        raise Http404
    body = _proposal(request, consortium, pk)
    may, do, asked, answer = ACTS[verb]
    may(request.user, body).enforce()
    why = request.POST.get("reason", "").strip()
    if asked and not why:
        messages.error(request, _("Please give the reason."))
    else:
        do(body, by=request.user, why=why)
        messages.success(request, _(answer))
    return redirect(body)
