"""The members of a consortium, from application to leaving."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.members import policy, services
from silian.governance.members.forms import (
    AddMemberForm,
    AdmitForm,
    ApplicationForm,
    NewApplicationForm,
    OpinionForm,
    RegradeForm,
)
from silian.governance.members.models import Membership
from silian.governance.members.tables import (
    MembershipFilter,
    MembershipTable,
    region_facet,
)
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict


@login_not_required
def member_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_memberships(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "regions": region_facet(rows),
        "may_apply": policy.may_apply(request.user, consortium),
        "may_add": policy.may_add_members(request.user, consortium),
    }
    listing = Listing(request, rows, MembershipTable, MembershipFilter, name="members")
    return listing.page("members/member_index.html", context)


@login_not_required
def member_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    return _membership_page(request, _membership(request, consortium, pk))


def _membership(request: PublicRequest, consortium: Consortium, pk: int) -> Membership:
    rows = policy.visible_memberships(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _membership_page(
    request: PublicRequest, membership: Membership, **unsent: BaseForm
) -> HttpResponse:
    """The page of one membership; ``unsent`` is a form that came with a mistake."""
    user = request.user
    grade = {"grade": membership.grade, "part": membership.part}
    context = {
        "object": membership,
        "membership": membership,
        "consortium": membership.consortium,
        "reviews": membership.reviews.select_related("reviewer"),
        "opinion_form": OpinionForm(),
        "admit_form": AdmitForm(),
        "regrade_form": RegradeForm(initial=grade),
    }
    verdicts = "see_dealings see_reviews decide resubmit withdraw suspend lift end regrade".split()
    context |= {
        f"may_{verb}": getattr(policy, f"may_{verb}")(user, membership) for verb in verdicts
    }
    return render(request, "members/member_detail.html", context | unsent)


def member_add(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_add_members(request.user, consortium).enforce()
    form = AddMemberForm(consortium, request.POST or None)
    if form.is_valid():
        membership = services.add_member(consortium, by=request.user, **form.cleaned_data)
        messages.success(request, _("The member is entered."))
        return redirect(membership)
    cancel = reverse("members:member_index", args=[consortium])
    context = {"consortium": consortium, "form": form, "cancel": cancel}
    return render(request, "members/member_add.html", context)


def apply(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_apply(request.user, consortium).enforce()
    form = NewApplicationForm(
        policy.visible_applicants(request.user, consortium), request.POST or None
    )
    if form.is_valid():
        membership = services.apply(consortium, by=request.user, **form.cleaned_data)
        messages.success(request, _("The application is with the secretariat."))
        return redirect(membership)
    cancel = reverse("members:member_index", args=[consortium])
    context = {"consortium": consortium, "form": form, "cancel": cancel}
    return render(request, "members/apply.html", context)


def resubmit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    membership = _membership(request, consortium, pk)
    policy.may_resubmit(request.user, membership).enforce()
    form = ApplicationForm(request.POST or None, instance=membership)
    if form.is_valid():
        services.resubmit(membership, by=request.user, **form.cleaned_data)
        messages.success(request, _("The application is with the secretariat."))
        return redirect(membership)
    context = {"consortium": consortium, "form": form, "cancel": membership.get_absolute_url()}
    return render(request, "members/resubmit.html", context)


# What the secretariat fills in a form for: the form, who may, the service, what is said then.
DECISIONS: dict[str, tuple[type[BaseForm], Callable[..., Verdict], Callable[..., Any], str]] = {
    "opinion": (OpinionForm, policy.may_decide, services.give_opinion, gettext_noop("Saved.")),
    "admit": (
        AdmitForm,
        policy.may_decide,
        services.admit,
        gettext_noop("The organisation is a member now."),
    ),
    "regrade": (RegradeForm, policy.may_regrade, services.regrade, gettext_noop("Saved.")),
}


@require_POST
def decide(request: Request, consortium: Consortium, pk: int, decision: str) -> HttpResponse:
    form_class, may, service, said = DECISIONS[decision]
    membership = _membership(request, consortium, pk)
    may(request.user, membership).enforce()
    form = form_class(request.POST)
    if not form.is_valid():
        return _membership_page(request, membership, **{f"{decision}_form": form})
    service(membership, by=request.user, **form.cleaned_data)
    messages.success(request, _(said))
    return redirect(membership)


# What is done with nothing but a reason: who may, and the service that does it.
VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., None]]] = {
    "return": (policy.may_decide, services.return_application),
    "refuse": (policy.may_decide, services.refuse),
    "withdraw": (policy.may_withdraw, services.withdraw),
    "suspend": (policy.may_suspend, services.suspend),
    "lift": (policy.may_lift, services.lift),
    "end": (policy.may_end, services.end),
}


@require_POST
def act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    may, service = VERBS[verb]
    membership = _membership(request, consortium, pk)
    may(request.user, membership).enforce()
    why = request.POST.get("reason", "").strip()
    if not why:
        messages.error(request, _("Please give a reason; the other side reads it."))
        return redirect(membership)
    service(membership, by=request.user, why=why)
    return redirect(membership)
