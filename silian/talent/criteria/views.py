"""The published rules of a round: criteria of points, requirements, and reserved places."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.talent.criteria import policy, services
from silian.talent.criteria.forms import CriterionForm, RequirementForm, ReserveForm
from silian.talent.criteria.models import Criterion, Requirement, Reserve
from silian.talent.rounds.models import Round
from silian.talent.rounds.policy import visible_rounds

VISIBLE: dict[str, Callable[..., Any]] = {
    "criterion": policy.visible_criteria,
    "requirement": policy.visible_requirements,
    "reserve": policy.visible_reserves,
}


@login_not_required
def rules(request: PublicRequest, consortium: Consortium, round_id: int) -> HttpResponse:
    """By which rules the round admits and orders students; the secretariat sets them here."""
    found = _round(request, consortium, round_id)
    criteria = list(policy.visible_criteria(request.user, found))
    context = {
        "round": found,
        "consortium": consortium,
        "criteria": [
            (
                it,
                policy.may_bring_scores(request.user, it),
                policy.may_remove_criterion(request.user, it),
            )
            for it in criteria
        ],
        "total_weight": sum(it.weight for it in criteria),
        "requirements": policy.visible_requirements(request.user, found),
        "reserves": policy.visible_reserves(request.user, found),
        "may_set": policy.may_set_rules(request.user, found),
    }
    return render(request, "criteria/rules.html", context)


def rule_new(request: Request, consortium: Consortium, round_id: int, what: str) -> HttpResponse:
    """A new criterion, requirement or reserve."""
    found = _round(request, consortium, round_id)
    policy.may_set_rules(request.user, found).enforce()
    form = _form(request, found, what)
    if request.method == "POST" and form.is_valid():
        try:
            SAVE[what](form.save(commit=False), by=request.user)
            return redirect("criteria:rules", consortium, round_id)
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "form": form,
        "round": found,
        "consortium": consortium,
        "what": what,
        "cancel": reverse("criteria:rules", args=[consortium, round_id]),
    }
    return render(request, "criteria/rule_form.html", context)


@require_POST
def rule_remove(
    request: Request, consortium: Consortium, round_id: int, what: str, pk: int
) -> HttpResponse:
    found = _round(request, consortium, round_id)
    if what not in VISIBLE:
        raise Http404
    rule = get_object_or_404(VISIBLE[what](request.user, found), pk=pk)
    policy.may_set_rules(request.user, found).enforce()
    if isinstance(rule, Criterion):
        policy.may_remove_criterion(request.user, rule).enforce()
    services.remove_rule(rule, by=request.user)
    messages.success(request, _("The rule is removed."))
    return redirect("criteria:rules", consortium, round_id)


SAVE: dict[str, Callable[..., None]] = {
    "criterion": services.save_criterion,
    "requirement": services.save_requirement,
    "reserve": services.save_reserve,
}


def _form(request: Request, found: Round, what: str) -> Any:
    data = request.POST or None
    if what == "criterion":
        return CriterionForm(data, instance=Criterion(round=found))
    if what == "requirement":
        return RequirementForm(data, instance=Requirement(round=found), found=found)
    if what == "reserve":
        return ReserveForm(data, instance=Reserve(), found=found)
    raise Http404


def _round(request: PublicRequest, consortium: Consortium, pk: int) -> Round:
    rounds = visible_rounds(request.user).select_related("consortium")
    return get_object_or_404(rounds, pk=pk, consortium=consortium)
