"""The directory of organisations: each one's page, data and people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.directory.forms import OrganisationForm
from silian.governance.directory.tables import OrganisationFilter, OrganisationTable
from silian.governance.members import policy, services
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.views import people_page
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def organisation_index(request: PublicRequest) -> HttpResponse:
    rows = policy.visible_organisations(request.user)
    listing = Listing(request, rows, OrganisationTable, OrganisationFilter, name="organisations")
    context = {"may_create": policy.may_create_organisation(request.user)}
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
