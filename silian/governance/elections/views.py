"""The elections of a consortium, and the preparation of one."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.elections import policy, services
from silian.governance.elections.forms import (
    ElectionForm,
    PostsForm,
    UntilForm,
    open_seats_in_order,
)
from silian.governance.elections.models import Election
from silian.governance.elections.tables import ElectionFilter, ElectionTable
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def election_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_elections(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_prepare": policy.may_prepare(request.user, consortium),
    }
    counted = rows.annotate(seats=Count("races__seats", distinct=True))
    listing = Listing(request, counted, ElectionTable, ElectionFilter, name="elections")
    return listing.page("elections/election_index.html", context)


def _visible(request: PublicRequest, consortium: Consortium, pk: int) -> Election:
    rows = policy.visible_elections(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


# --- preparing --------------------------------------------------------------------------


def election_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_prepare(request.user, consortium).enforce()
    return _election_form(request, Election(consortium=consortium))


def election_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    election = _visible(request, consortium, pk)
    policy.may_edit(request.user, election).enforce()
    return _election_form(request, election)


def _election_form(request: Request, election: Election) -> HttpResponse:
    consortium, new = election.consortium, election.pk is None
    form = ElectionForm(request.POST or None, instance=election)
    if request.method == "POST" and form.is_valid():
        saved = services.save_election(form.save(commit=False), by=request.user)
        return (
            redirect("elections:election_posts", consortium, saved.pk) if new else redirect(saved)
        )
    cancel = reverse("elections:election_index", args=[consortium])
    context = {"form": form, "election": election, "consortium": consortium, "cancel": cancel}
    return render(request, "elections/election_form.html", context)


def election_posts(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Choose the seats that are to be filled."""
    election = _visible(request, consortium, pk)
    policy.may_edit(request.user, election).enforce()
    races = election.races.prefetch_related("seats")
    form = PostsForm(open_seats_in_order(consortium), races, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_races(election, form.chosen(), by=request.user)
        return redirect(election)
    context = {"form": form, "cancel": election.get_absolute_url()}
    return _page(request, election, "elections/election_posts.html", context)


def _page(
    request: PublicRequest, election: Election, template: str, context: dict[str, Any]
) -> HttpResponse:
    about = {"election": election, "consortium": election.consortium}
    return render(request, template, about | context)


def nominations(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Open nominations, or open them again where too few stand."""
    election = _visible(request, consortium, pk)
    policy.may_open_nominations(request.user, election).enforce()
    form = UntilForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.open_nominations(election, by=request.user, **form.cleaned_data)
        return redirect(election)
    context = {"form": form, "title": _("Open nominations")}
    context |= {"cancel": election.get_absolute_url()}
    return _page(request, election, "elections/timed.html", context)


@require_POST
def list_candidates(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Publish who stands."""
    election = _visible(request, consortium, pk)
    policy.may_list(request.user, election).enforce()
    services.list_candidates(election, by=request.user)
    return redirect(election)
