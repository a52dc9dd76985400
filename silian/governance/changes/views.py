"""What happens to a signed agreement, and the rules that agreements follow here."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from silian.governance.agreements import rules, succession
from silian.governance.agreements.models import Agreement
from silian.governance.agreements.policy import may_read_text
from silian.governance.changes import policy, services
from silian.governance.changes.forms import (
    DecisionForm,
    EarlyEndForm,
    RegistrationForm,
    RuleForm,
)
from silian.governance.changes.models import EarlyEnd
from silian.governance.commitments.policy import agreements_of, visible_commitments
from silian.governance.consortia.models import Consortium
from silian.governance.contributions.policy import visible_entries, visible_pledges
from silian.kernel.files.services import respond
from silian.kernel.http import PublicRequest, Request

# --- amendment and renewal ----------------------------------------------------------------


def _agreement(request: Request, consortium: Consortium, pk: int) -> Agreement:
    return get_object_or_404(agreements_of(request.user), pk=pk, consortium=consortium)


@require_POST
def amend(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    found = _agreement(request, consortium, agreement)
    policy.may_amend(request.user, found).enforce()
    draft = succession.amend(found, by=request.user)
    messages.success(request, _("A draft was made with the same parties and the latest text."))
    return redirect(draft)


@require_POST
def renew(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    found = _agreement(request, consortium, agreement)
    policy.may_renew(request.user, found).enforce()
    draft = succession.renew(found, by=request.user)
    messages.success(request, _("A draft was made with the same parties and the latest text."))
    return redirect(draft)


@require_GET
def compare(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    """What an amendment or a renewal changes in the text and the facts of its original."""
    later = _agreement(request, consortium, agreement)
    original = later.amends or later.renews
    if original is None:
        raise Http404
    may_read_text(request.user, later).enforce()
    context = {
        "consortium": consortium,
        "later": later,
        "original": original,
        "facts": succession.differences(original, later),
        "texts": [succession.latest_text(original), succession.latest_text(later)],
    }
    return render(request, "changes/compare.html", context)


# --- early end ----------------------------------------------------------------------------


def early_end_new(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    found = _agreement(request, consortium, agreement)
    policy.may_propose_end(request.user, found).enforce()
    speakers = policy.speakers(request.user, found)
    form = EarlyEndForm(speakers, request.POST or None, instance=EarlyEnd(agreement=found))
    if form.is_valid():
        saved = services.propose_end(form.save(commit=False), by=request.user)
        messages.success(request, _("The other parties are asked."))
        return redirect(saved)
    context = {"agreement": found, "form": form, "cancel": found.get_absolute_url()}
    return render(request, "changes/early_end_new.html", {"consortium": consortium} | context)


def _early_end(request: Request, consortium: Consortium, pk: int) -> EarlyEnd:
    rows = policy.visible_early_ends(request.user)
    return get_object_or_404(rows, pk=pk, agreement__consortium=consortium)


def early_end_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    early_end = _early_end(request, consortium, pk)
    context: dict[str, Any] = {
        "object": early_end,
        "early_end": early_end,
        "consortium": consortium,
        "asked": policy.asked(early_end),
        "mine": policy.answering_for(request.user, early_end),
    }
    verdicts = "answer withdraw decide".split()
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, early_end) for v in verdicts}
    return render(request, "changes/early_end_detail.html", context)


@require_POST
def answer(
    request: Request, consortium: Consortium, pk: int, organisation: int, agrees: bool
) -> HttpResponse:
    early_end = _early_end(request, consortium, pk)
    policy.may_answer(request.user, early_end).enforce()
    mine = policy.answering_for(request.user, early_end)
    party = next((one for one in mine if one.pk == organisation), None)
    if party is None:
        raise Http404
    why = request.POST.get("reason", "").strip()
    if not agrees and not why:
        messages.error(request, _("Please give a reason; the other side reads it."))
        return redirect(early_end)
    services.answer_end(early_end, party, by=request.user, agrees=agrees, text=why)
    return redirect(early_end)


@require_POST
def withdraw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    early_end = _early_end(request, consortium, pk)
    policy.may_withdraw(request.user, early_end).enforce()
    why = request.POST.get("reason", "").strip()
    if why:
        services.withdraw_end(early_end, by=request.user, why=why)
    else:
        messages.error(request, _("Please give a reason; the other side reads it."))
    return redirect(early_end)


def decide(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    early_end = _early_end(request, consortium, pk)
    policy.may_decide(request.user, early_end).enforce()
    sent = (request.POST or None, request.FILES or None)
    form = DecisionForm(*sent, initial={"last_day": early_end.effective_on})
    if form.is_valid():
        services.decide_end(early_end, by=request.user, **form.cleaned_data)
        messages.success(request, _("Decided."))
        return redirect(early_end)
    context = {"early_end": early_end, "form": form, "cancel": early_end.get_absolute_url()}
    return render(request, "changes/decide.html", {"consortium": consortium} | context)


@require_GET
def paper(request: Request, consortium: Consortium, pk: int) -> HttpResponseBase:
    early_end = _early_end(request, consortium, pk)
    if not early_end.paper:
        raise Http404
    return respond(early_end.paper, inline=True)


@require_GET
def settlement(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    """What is open between the parties: at the end, or before somebody asks for it."""
    found = _agreement(request, consortium, agreement)
    user = request.user
    commitments = visible_commitments(user).filter(agreement=found)
    pledges = visible_pledges(user).filter(agreement=found, state="standing")
    context = {
        "agreement": found,
        "consortium": consortium,
        "commitments": commitments.exclude(state__in=["met", "waived"]),
        "pledges": [pledge for pledge in pledges if pledge.share < 100],
        "entries": visible_entries(user).waiting().filter(agreement=found),  # type: ignore[attr-defined]
    }
    return render(request, "changes/settlement.html", context)


# --- registration and rules ---------------------------------------------------------------


def register(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    found = _agreement(request, consortium, agreement)
    policy.may_register(request.user, found).enforce()
    form = RegistrationForm(found, request.POST or None)
    if form.is_valid():
        services.register(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(found)
    context = {"agreement": found, "form": form, "cancel": found.get_absolute_url()}
    return render(request, "changes/register.html", {"consortium": consortium} | context)


@require_POST
def waive(request: Request, consortium: Consortium, agreement: int, rule: str) -> HttpResponse:
    found = _agreement(request, consortium, agreement)
    broken = next((f for f in rules.findings(found) if f.rule.id == rule), None)
    if broken is None:
        raise Http404
    policy.may_waive(request.user, found, broken).enforce()
    reason = request.POST.get("reason", "").strip()
    if reason:
        rules.waive(found, broken.rule, by=request.user, reason=reason)
    else:
        messages.error(request, _("A warning is passed with a reason only."))
    return redirect(found)


@login_not_required
@require_GET
def rule_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    every = rules.rules_of(consortium)
    rows = [(rule, policy.may_set(request.user, consortium, rule)) for rule in every]
    return render(request, "changes/rule_index.html", {"consortium": consortium, "rows": rows})


def rule_edit(request: Request, consortium: Consortium, rule: str) -> HttpResponse:
    found = rules.rule_named(consortium, rule)
    if found is None:
        raise Http404
    policy.may_set(request.user, consortium, found).enforce()
    form = RuleForm(found, request.POST or None)
    index = reverse("changes:rule_index", args=[consortium])
    if form.is_valid():
        level, numbers = form.cleaned_data["level"], form.numbers()
        rules.set_rule(consortium, found, by=request.user, level=level, numbers=numbers)
        messages.success(request, _("Saved."))
        return redirect(index)
    context = {"consortium": consortium, "rule": found, "form": form, "cancel": index}
    return render(request, "changes/rule_edit.html", context)
