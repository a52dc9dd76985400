"""The directory of organisations: each one's page, data and people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.claims.policy import may_claim
from silian.governance.directory import merging
from silian.governance.directory import policy as directory
from silian.governance.directory.forms import MergeForm, OrganisationForm, OtherRecordForm
from silian.governance.directory.tables import OrganisationFilter, OrganisationTable
from silian.governance.members import policy, services
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.views import people_page
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing

SHOWN = 50  # groups on the page of doubles


@login_not_required
def organisation_index(request: PublicRequest) -> HttpResponse:
    rows = policy.visible_organisations(request.user)
    listing = Listing(request, rows, OrganisationTable, OrganisationFilter, name="organisations")
    context = {
        "may_create": policy.may_create_organisation(request.user),
        "may_look_for_doubles": directory.may_look_for_doubles(request.user),
    }
    return listing.page("directory/organisation_index.html", context)


@login_not_required
def organisation_search(request: PublicRequest) -> JsonResponse:
    """What somebody who types a part of a name may mean, for fields that choose one.

    ``?consortium=`` looks only among the current members of that consortium.
    """
    words = request.GET.get("q", "").strip()
    asked = {"q": words, "consortium": request.GET.get("consortium", "")}
    rows = OrganisationFilter(asked, policy.visible_organisations(request.user)).qs
    found = [{"id": row.pk, "text": row.name} for row in rows[:20]] if words else []
    return JsonResponse({"results": found})


@login_not_required
def organisation_detail(request: PublicRequest, pk: int) -> HttpResponse:
    former = directory.visible_formers(request.user).filter(pk=pk).first()
    if former:
        return redirect(former.organisation, permanent=True)
    organisation = get_object_or_404(policy.visible_organisations(request.user), pk=pk)
    context = {
        "object": organisation,
        "organisation": organisation,
        "memberships": policy.visible_memberships(request.user).filter(organisation=organisation),
        "subsidiaries": organisation.subsidiaries.all(),
        "bodies": organisation.hosted_bodies.filter(state__in=["running", "closed"]).select_related(
            "consortium", "kind"
        ),
        "plaques": organisation.plaques.select_related("consortium"),
        "json_ld": organisation.json_ld(),
        "may_edit": policy.may_edit_organisation(request.user, organisation),
        "may_see_people": policy.may_see_people(request.user, organisation),
        "may_claim": may_claim(request.user, organisation),
        "may_merge": directory.may_merge(request.user, organisation),
        "formers": organisation.former_records.select_related("by"),
    }
    return render(request, "directory/organisation_detail.html", context)


def organisation_new(request: Request) -> HttpResponse:
    policy.may_create_organisation(request.user).enforce()
    cancel = reverse("directory:organisation_index")
    return _organisation_form(request, Organisation(), "directory/organisation_new.html", cancel)


def organisation_edit(request: Request, pk: int) -> HttpResponse:
    organisation = get_object_or_404(policy.visible_organisations(request.user), pk=pk)
    policy.may_edit_organisation(request.user, organisation).enforce()
    cancel = organisation.get_absolute_url()
    return _organisation_form(request, organisation, "directory/organisation_edit.html", cancel)


def _organisation_form(
    request: Request, organisation: Organisation, template: str, cancel: str
) -> HttpResponse:
    form = OrganisationForm(request.POST or None, instance=organisation)
    if form.is_valid():
        saved = services.save_organisation(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    return render(request, template, {"form": form, "cancel": cancel})


def organisation_people(request: Request, pk: int) -> HttpResponse:
    """Who acts for the organisation, with their terms and open invitations."""
    organisation = get_object_or_404(policy.visible_organisations(request.user), pk=pk)
    policy.may_see_people(request.user, organisation).enforce()
    kinds = [Role.Kind.MANAGER, Role.Kind.STAFF]
    if organisation.is_school:
        kinds.append(Role.Kind.TEACHER)
    context = {"organisation": organisation}
    return people_page(request, organisation, kinds, "directory/people.html", context)


# --- records that were entered twice --------------------------------------------------------


def double_index(request: Request) -> HttpResponse:
    """Which records look like one."""
    directory.may_look_for_doubles(request.user).enforce()
    groups = directory.doubles(policy.visible_organisations(request.user))
    context = {
        "groups": groups[:SHOWN],
        "more": max(0, len(groups) - SHOWN),
        "formers": directory.visible_formers(request.user)[:SHOWN],
    }
    return render(request, "directory/double_index.html", context)


def merge_choose(request: Request, pk: int) -> HttpResponse:
    """Which record is the double of this one?"""
    rows = policy.visible_organisations(request.user)
    into = get_object_or_404(rows, pk=pk)
    directory.may_merge(request.user, into).enforce()
    form = OtherRecordForm(request.GET or None, rows=rows.filter(kind=into.kind).exclude(pk=pk))
    if form.is_valid():
        return redirect("directory:merge", pk, form.cleaned_data["other"].pk)
    context = {"form": form, "into": into, "cancel": into.get_absolute_url()}
    return render(request, "directory/merge_choose.html", context)


def merge(request: Request, pk: int, other: int) -> HttpResponse:
    """Both records side by side, what would move, and the merger."""
    rows = policy.visible_organisations(request.user)
    into = get_object_or_404(rows, pk=pk)
    former = get_object_or_404(rows.exclude(pk=pk), pk=other, kind=into.kind)
    directory.may_merge(request.user, into, former).enforce()
    form = MergeForm(request.POST or None, former=former, into=into)
    if form.is_valid():
        facts = {"reason": form.cleaned_data["reason"], "taking": form.taking}
        try:
            merging.merge(former, into, by=request.user, **facts)
        except merging.CannotMerge:
            messages.error(request, _("Something stands against it: see below."))
        else:
            messages.success(request, _("Both are one record now."))
            return redirect(into)
    context = {
        "form": form,
        "into": into,
        "former": former,
        "preview": merging.preview(former, into),
        "cancel": into.get_absolute_url(),
    }
    return render(request, "directory/merge.html", context)


@require_POST
def part(request: Request, pk: int) -> HttpResponse:
    kept = get_object_or_404(directory.visible_formers(request.user), pk=pk)
    directory.may_part(request.user, kept).enforce()
    messages.success(request, _("The former record stands again."))
    return redirect(merging.part(kept, by=request.user))
