"""Who sits at the table of an edition, and what is said there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.authoring import policy, services
from silian.education.authoring.forms import CommentForm, ContributorForm, SettleForm
from silian.education.authoring.models import Comment, Contributor
from silian.education.standards.models import Edition
from silian.education.standards.policy import visible_editions
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request


def contributor_new(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    """Ask a member, or one of its people, to take part."""
    edition = _edition(request, consortium, pk, number)
    policy.may_invite(request.user, edition).enforce()
    partners = policy.visible_partners(request.user, consortium)
    form = ContributorForm(partners, request.POST or None, instance=Contributor(edition=edition))
    if form.is_valid():
        services.invite(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(f"{edition.get_absolute_url()}#contributors")
    context: dict[str, Any] = {"form": form, "edition": edition, "consortium": consortium}
    context |= {"cancel": edition.get_absolute_url()}
    return render(request, "authoring/contributor_new.html", context)


@require_POST
def contributor_remove(
    request: Request, consortium: Consortium, pk: int, number: int, contributor: int
) -> HttpResponse:
    found = _contributor(request, consortium, pk, number, contributor)
    policy.may_remove(request.user, found).enforce()
    services.remove_contributor(found, by=request.user)
    return redirect(f"{found.edition.get_absolute_url()}#contributors")


@require_POST
def contributor_name(
    request: Request, consortium: Consortium, pk: int, number: int, contributor: int
) -> HttpResponse:
    """The person agrees to be named in public, or takes it back."""
    found = _contributor(request, consortium, pk, number, contributor)
    policy.may_name(request.user, found).enforce()
    services.set_naming(found, named=not found.named, by=request.user)
    return redirect(f"{found.edition.get_absolute_url()}#contributors")


@require_POST
def comment_new(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    edition = _edition(request, consortium, pk, number)
    policy.may_comment(request.user, edition).enforce()
    form = CommentForm(edition, request.POST)
    if form.is_valid():
        side = policy.side_of(request.user, edition)
        services.add_comment(edition, by=request.user, side=side, **form.cleaned_data)
        return redirect(f"{edition.get_absolute_url()}#comments")
    context: dict[str, Any] = {"form": form, "edition": edition, "consortium": consortium}
    context |= {"cancel": edition.get_absolute_url()}
    return render(request, "authoring/comment_new.html", context)


def comment_settle(
    request: Request, consortium: Consortium, pk: int, number: int, comment: int
) -> HttpResponse:
    """Say what came of a comment."""
    edition = _edition(request, consortium, pk, number)
    found = get_object_or_404(policy.visible_comments(request.user, edition), pk=comment)
    policy.may_settle(request.user, found).enforce()
    form = SettleForm(request.POST or None, instance=Comment())
    if form.is_valid():
        services.settle_comment(found, by=request.user, **form.cleaned_data)
        return redirect(f"{edition.get_absolute_url()}#comments")
    context: dict[str, Any] = {
        "form": form,
        "comment": found,
        "edition": edition,
        "consortium": consortium,
    }
    context |= {"cancel": f"{edition.get_absolute_url()}#comments"}
    return render(request, "authoring/comment_settle.html", context)


def _edition(request: Request, consortium: Consortium, pk: int, number: int) -> Edition:
    rows = visible_editions(request.user).filter(standard__consortium=consortium)
    return get_object_or_404(rows, standard=pk, number=number)


def _contributor(
    request: Request, consortium: Consortium, pk: int, number: int, contributor: int
) -> Contributor:
    edition = _edition(request, consortium, pk, number)
    rows = policy.visible_contributors(request.user, edition)
    return get_object_or_404(rows, pk=contributor)
