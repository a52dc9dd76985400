"""A person's own account, the school's CAS, and the security administrator's pages."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_cas_ng.utils import get_cas_client

from silian.kernel.accounts.models import User
from silian.kernel.http import PublicRequest, Request
from silian.kernel.people import policy, services
from silian.kernel.people.forms import DutyForm, PersonFilter, ProfileForm
from silian.kernel.people.tables import PersonTable
from silian.kernel.ui.listing import Listing

# --- one's own account ------------------------------------------------------------------


def profile(request: Request) -> HttpResponse:
    """Name, addresses, password, second factors and sessions in one place."""
    return render(request, "people/profile.html", {"object": request.user, **ways_in(request.user)})


def ways_in(person: User) -> dict[str, object]:
    """The factors and the running sessions of ``person``."""
    factors = {factor.type: factor for factor in policy.factors_of(person)}
    return {"factors": factors, "sessions": policy.sessions_of(person)}


def profile_edit(request: Request) -> HttpResponse:
    """What one can sign in with is changed only by who has just shown the password again."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        if {"email", "phone"} & set(form.changed_data):
            raise_if_reauthentication_required(request, app="allauth.account")
        services.change_profile(form.instance, by=request.user)
        response = redirect("accounts:profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.instance.language)
        return response
    return render(
        request, "people/profile_form.html", {"form": form, "cancel": reverse("accounts:profile")}
    )


# --- the school's CAS -------------------------------------------------------------------


@login_not_required
def cas_sign_in(request: PublicRequest) -> HttpResponse:
    """Send the visitor to the CAS; take who comes back with a ticket through allauth's steps."""
    if not settings.CAS_SERVER_URL:
        raise Http404
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = ""
    here = reverse("accounts:cas_sign_in") + (f"?{urlencode({'next': target})}" if target else "")
    service = request.build_absolute_uri(here)
    ticket = request.GET.get("ticket")
    if not ticket:
        client = get_cas_client(service_url=service, request=request)
        return HttpResponseRedirect(client.get_login_url())
    person = authenticate(request, ticket=ticket, service=service)
    if person is None:
        return render(request, "people/not_admitted.html", status=403)
    answer: HttpResponse = perform_login(request, person, redirect_url=target or None)
    return answer


# --- the security administrator ---------------------------------------------------------


def person_index(request: Request) -> HttpResponse:
    policy.may_look_after(request.user).enforce()
    people = policy.visible_people(request.user).order_by("name", "pk")
    listing = Listing(request, people, PersonTable, PersonFilter, name="people")
    return listing.page("people/person_index.html", {})


def person_detail(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(policy.visible_people(request.user), pk=pk)
    context = {
        "object": person,
        "may_lock": policy.may_lock(request.user, person),
        "may_unlock": policy.may_unlock(request.user, person),
        "may_end_sessions": policy.may_end_sessions(request.user, person),
        "may_reset_factors": policy.may_reset_factors(request.user, person),
        "may_assign_duty": policy.may_assign_duty(request.user, person),
        **ways_in(person),
    }
    return render(request, "people/person_detail.html", context)


def person_duty(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(policy.visible_people(request.user), pk=pk)
    policy.may_assign_duty(request.user, person).enforce()
    form = DutyForm(request.POST or None, initial={"duty": person.duty})
    if form.is_valid():
        services.assign_duty(person, by=request.user, **form.cleaned_data)
        messages.success(request, _("The duty is assigned."))
        return redirect("accounts:person_detail", pk)
    cancel = reverse("accounts:person_detail", args=[pk])
    context = {"form": form, "cancel": cancel, "object": person}
    return render(request, "people/person_duty.html", context)


@require_POST
def person_lock(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(policy.visible_people(request.user), pk=pk)
    policy.may_lock(request.user, person).enforce()
    services.lock(person, by=request.user, why=request.POST.get("reason", ""))
    messages.success(request, _("The account is locked."))
    return redirect("accounts:person_detail", pk)


@require_POST
def person_unlock(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(policy.visible_people(request.user), pk=pk)
    policy.may_unlock(request.user, person).enforce()
    services.unlock(person, by=request.user, why=request.POST.get("reason", ""))
    messages.success(request, _("The account is open again."))
    return redirect("accounts:person_detail", pk)


@require_POST
def person_sessions(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(policy.visible_people(request.user), pk=pk)
    policy.may_end_sessions(request.user, person).enforce()
    services.end_sessions(person, by=request.user, why=request.POST.get("reason", ""))
    messages.success(request, _("All sessions are ended."))
    return redirect("accounts:person_detail", pk)


@require_POST
def person_factors(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(policy.visible_people(request.user), pk=pk)
    policy.may_reset_factors(request.user, person).enforce()
    services.reset_factors(person, by=request.user, why=request.POST.get("reason", ""))
    messages.success(request, _("The second factors are removed."))
    return redirect("accounts:person_detail", pk)
