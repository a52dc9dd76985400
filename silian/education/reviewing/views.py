"""Handing in, the review of a committee, and what the school does afterwards."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.reviewing import policy, services
from silian.education.reviewing.forms import ApproveForm, HandInForm, OpinionForm, PublishForm
from silian.education.reviewing.models import Review, Reviewer
from silian.education.rulebook.rules import DoesNotAddUp, findings
from silian.education.standards.figures import by_part, by_term, sums_of, units_of
from silian.education.standards.models import Edition
from silian.education.standards.policy import may_administer, visible_editions
from silian.education.standards.sections import sections_of
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request


def hand_in(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    """Choose a committee; what does not add up is listed instead of a button."""
    edition = _edition(request, consortium, pk, number)
    may_administer(request.user, edition.standard).enforce()
    found = findings(edition)
    verdict = policy.may_hand_in(request.user, edition)
    committees = policy.visible_committees(request.user, consortium)
    warned = any(not one.blocks for one in found)
    form = HandInForm(committees, request.POST or None, warned=warned)
    if request.method == "POST" and verdict and form.is_valid():
        try:
            review = services.hand_in(edition, by=request.user, **form.cleaned_data)
        except (DoesNotAddUp, services.NotReady) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Handed in. The committee has been told."))
            return redirect(review)
    context = {
        "edition": edition,
        "consortium": consortium,
        "form": form,
        "findings": found,
        "obstacles": list(policy.obstacles(edition)),
        "verdict": verdict,
        "committees": committees,
        "cancel": edition.get_absolute_url(),
    }
    return render(request, "reviewing/hand_in.html", context)


def review_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The edition, the opinions, and one's own."""
    review = _review(request, consortium, pk)
    reviewers = list(policy.visible_reviewers(request.user, review))
    for one in reviewers:
        one.review = review
        one.may_give = policy.may_give(request.user, one)  # type: ignore[attr-defined]
        one.own = one.person == request.user  # type: ignore[attr-defined]
    units = units_of(review.edition)
    context = {
        "object": review,
        "edition": review.edition,
        "consortium": consortium,
        "reviewers": reviewers,
        "given": sum(bool(one.view) for one in reviewers),
        "may_end": policy.may_end(request.user, review),
        "may_withdraw": policy.may_withdraw(request.user, review),
        "sections": sections_of(review.edition),
        "units": units,
        "sums": sums_of(units),
        "parts": by_part(units),
        "terms": by_term(units),
    }
    return render(request, "reviewing/review_detail.html", context)


def opinion(request: Request, consortium: Consortium, pk: int, reviewer: int) -> HttpResponse:
    """One reviewer's opinion; the secretariat enters those that came on paper."""
    review = _review(request, consortium, pk)
    rows = policy.visible_reviewers(request.user, review)
    found: Reviewer = get_object_or_404(rows, pk=reviewer)
    policy.may_give(request.user, found).enforce()
    form = OpinionForm(request.POST or None, instance=found)
    if form.is_valid():
        services.give_opinion(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your opinion is kept."))
        return redirect(review)
    context: dict[str, Any] = {
        "form": form,
        "reviewer": found,
        "review": review,
        "consortium": consortium,
    }
    context |= {"cancel": review.get_absolute_url()}
    return render(request, "reviewing/opinion.html", context)


@require_POST
def review_end(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    review = _review(request, consortium, pk)
    policy.may_end(request.user, review).enforce()
    services.end_review(review, by=request.user)
    return redirect(review)


@require_POST
def review_withdraw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    review = _review(request, consortium, pk)
    policy.may_withdraw(request.user, review).enforce()
    if not (reason := _reason(request)):
        return redirect(review)
    services.withdraw_review(review, reason=reason, by=request.user)
    return redirect(review.edition)


def approve(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    edition = _edition(request, consortium, pk, number)
    policy.may_approve(request.user, edition).enforce()
    form = ApproveForm(request.POST or None)
    if form.is_valid():
        services.approve(edition, by=request.user, **form.cleaned_data)
        return redirect(edition)
    return _step(request, edition, form, "reviewing/approve.html")


def publish(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    edition = _edition(request, consortium, pk, number)
    policy.may_publish(request.user, edition).enforce()
    form = PublishForm(edition, request.POST or None)
    if form.is_valid():
        services.publish(edition, by=request.user, **form.cleaned_data)
        messages.success(request, _("Published. Everybody can read it now."))
        return redirect(edition.standard)
    return _step(request, edition, form, "reviewing/publish.html")


def _step(request: Request, edition: Edition, form: Any, template: str) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "edition": edition,
        "consortium": edition.standard.consortium,
    }
    context |= {"cancel": edition.get_absolute_url()}
    return render(request, template, context)


@require_POST
def return_to_draft(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    edition = _edition(request, consortium, pk, number)
    policy.may_return(request.user, edition).enforce()
    if reason := _reason(request):
        services.return_to_draft(edition, reason=reason, by=request.user)
    return redirect(edition)


def _reason(request: Request) -> str:
    """What the dialog asked for; without it nothing is done and the page says so."""
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        messages.error(request, _("Please give a reason."))
    return reason


def _edition(request: Request, consortium: Consortium, pk: int, number: int) -> Edition:
    rows = visible_editions(request.user).filter(standard__consortium=consortium)
    return get_object_or_404(rows, standard=pk, number=number)


def _review(request: Request, consortium: Consortium, pk: int) -> Review:
    rows = policy.visible_reviews(request.user)
    return get_object_or_404(rows, pk=pk, edition__standard__consortium=consortium)
