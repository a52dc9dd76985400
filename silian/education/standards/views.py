"""The register of standards, the public page of each, and how one begins."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.standards import policy, services
from silian.education.standards.figures import by_part, by_term, sums_of, units_of
from silian.education.standards.forms import EditionForm, StandardForm
from silian.education.standards.models import Edition, Standard
from silian.education.standards.sections import sections_of
from silian.education.standards.tables import (
    DeskFilter,
    DeskTable,
    StandardFilter,
    StandardTable,
)
from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def standard_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """What is in force, for everybody."""
    rows = policy.public_standards().filter(consortium=consortium)
    listing = Listing(
        request, policy.for_list(rows), StandardTable, StandardFilter, name="standards"
    )
    context = {
        "consortium": consortium,
        "may_create": policy.may_create(request.user, consortium),
        "has_desk": isinstance(request.user, User) and _desk(request.user, consortium).exists(),
    }
    return listing.page("standards/standard_index.html", context)


def standard_desk(request: Request, consortium: Consortium) -> HttpResponse:
    """Everything that the reader writes, comments on or looks after, in every state."""
    rows = policy.for_list(_desk(request.user, consortium))
    listing = Listing(request, rows, DeskTable, DeskFilter, name="our-standards")
    context = {
        "consortium": consortium,
        "may_create": policy.may_create(request.user, consortium),
    }
    return listing.page("standards/standard_desk.html", context)


def _desk(user: User, consortium: Consortium) -> QuerySet[Standard]:
    rows = policy.visible_standards(user)
    return rows.filter(consortium=consortium, pk__in=policy.inside(user))


@login_not_required
def standard_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """The edition in force, what came before it, and what is being written for those inside."""
    standard = _standard(request, consortium, pk)
    editions = list(policy.visible_editions(request.user).filter(standard=standard))
    edition = next((one for one in editions if one.state == Edition.State.PUBLISHED), None)
    context = {
        "object": standard,
        "consortium": consortium,
        "edition": edition,
        "editions": editions,
        "making": next((one for one in editions if not one.is_public), None),
        "inside": policy.may_write(request.user, standard),
        "may_begin": policy.may_begin(request.user, standard),
        "may_request": policy.may_request(request.user, standard),
        "requests": policy.visible_requests(request.user).filter(standard=standard).count(),
        **(contents(edition) if edition else {}),
    }
    return render(request, "standards/standard_detail.html", context)


def contents(edition: Edition) -> dict[str, Any]:
    """What ``standards/content.html`` shows of an edition."""
    units = units_of(edition)
    return {
        "sections": sections_of(edition),
        "units": units,
        "sums": sums_of(units),
        "parts": by_part(units),
        "terms": by_term(units),
    }


def standard_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_create(request.user, consortium).enforce()
    programmes = policy.visible_programmes(request.user, consortium)
    blank = Standard(consortium=consortium)
    first = {"programme": request.GET.get("programme"), "kind": request.GET.get("kind")}
    form = StandardForm(programmes, request.POST or None, instance=blank, initial=first)
    if form.is_valid():
        standard = form.save(commit=False)
        edition = services.create_standard(
            standard, aims=form.cleaned_data["aims"], by=request.user
        )
        messages.success(request, _("The first edition is begun: write its sections and units."))
        return redirect(edition)
    cancel = reverse("standards:standard_index", args=[consortium])
    context = {"form": form, "consortium": consortium, "cancel": cancel}
    return render(request, "standards/standard_new.html", context)


def edition_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    standard = _standard(request, consortium, pk)
    policy.may_begin(request.user, standard).enforce()
    form = EditionForm(request.POST or None)
    if form.is_valid():
        edition = services.begin_edition(standard, aims=form.cleaned_data["aims"], by=request.user)
        return redirect(edition)
    context = {"form": form, "standard": standard, "consortium": consortium}
    context |= {"cancel": standard.get_absolute_url()}
    return render(request, "standards/edition_new.html", context)


def _standard(request: PublicRequest, consortium: Consortium, pk: int) -> Standard:
    rows = policy.visible_standards(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)
