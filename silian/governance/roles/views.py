"""The page of an invitation, the switch between one's roles, and the people of one side."""

from collections.abc import Iterable
from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.governance.roles import policy, services
from silian.governance.roles.forms import InviteForm, NewAccountForm
from silian.governance.roles.models import Invitation, Role
from silian.kernel.accounts.adapters import INVITED
from silian.kernel.accounts.models import User
from silian.kernel.http import PublicRequest, Request


@never_cache
@login_not_required
def invitation(request: PublicRequest, token: str) -> HttpResponse:
    """Who invites whom to what; accept as the account that is signed in, or make one."""
    found = services.find_invitation(token)
    if not found:
        raise Http404
    verdict = policy.may_accept(found)
    if not verdict:
        context = {"invitation": found, "reason": verdict.reason}
        return render(request, "roles/invitation_closed.html", context, status=410)
    if isinstance(request.user, User):
        return _join(request, found) if request.method == "POST" else _offer(request, found)
    request.session[INVITED] = True  # a school's own sign-in may now make the account
    form = NewAccountForm(
        request.POST or None,
        instance=User(email=found.email),
        initial={"name": found.name},
    )
    if form.is_valid():
        return _make_account(request, found, form)
    return _offer(request, found, form=form)


def _offer(request: PublicRequest, found: Invitation, **context: Any) -> HttpResponse:
    return render(request, "roles/invitation.html", {"invitation": found, **context})


def _join(request: PublicRequest, found: Invitation) -> HttpResponse:
    assert isinstance(request.user, User)
    role = services.accept_invitation(found, user=request.user)
    return _welcome(request, role)


def _make_account(request: PublicRequest, found: Invitation, form: NewAccountForm) -> HttpResponse:
    try:
        person = services.accept_with_new_account(
            found, language=get_language() or "zh-hans", **form.cleaned_data
        )
    except services.AddressTaken as taken:
        form.add_error(None, str(taken))
        return _offer(request, found, form=form)
    answer: HttpResponse = perform_login(request, person)
    return answer


def _welcome(request: PublicRequest, role: Role) -> HttpResponse:
    services.act_in(request, role)
    messages.success(request, _("You now act for %(side)s.") % {"side": role.side})
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_POST
def act(request: Request, pk: int) -> HttpResponse:
    """Look at the pages through another of one's own roles."""
    role = next((role for role in policy.roles_of(request.user) if role.pk == pk), None)
    if not role:
        raise Http404
    services.act_in(request, role)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = resolve_url(settings.LOGIN_REDIRECT_URL)
    return redirect(target)


def people_page(
    request: Request, side: Model, kinds: Iterable[str], template: str, context: dict[str, Any]
) -> HttpResponse:
    """Who holds which of ``kinds`` in ``side``, and whom it has invited.

    The apps of organisations and consortia show it at their own addresses, after asking their own
    policy; ``template`` extends ``roles/people.html``.
    """
    offered = [kind for kind in kinds if policy.may_invite(request.user, side, kind)]
    form = InviteForm(offered, request.POST or None)
    if offered and form.is_valid():
        sides: dict[str, Any] = {policy.side_field(side): side}
        invitation = services.invite(**form.cleaned_data, **sides, by=request.user)
        said = _("%(name)s is invited. The link: %(link)s")
        messages.success(request, said % {"name": invitation.name, "link": invitation.link})
        return redirect(people_url(side))
    held = policy.roles_in(side).filter(kind__in=kinds)
    invitations = policy.invitations_of(side)
    context |= {
        "form": form if offered else None,
        "roles": [(role, policy.may_end(request.user, role)) for role in held],
        "past": policy.past_roles_in(side).filter(kind__in=kinds)[:50],
        "invitations": [(i, policy.may_revoke(request.user, i)) for i in invitations],
    }
    return render(request, template, context)


def people_url(side: Model) -> str:
    """The address at which the app of ``side`` shows its people."""
    if policy.side_field(side) == "consortium":
        return reverse("consortia:people", args=[side])
    return reverse("directory:organisation_people", args=[side.pk])


@require_POST
def role_end(request: Request, pk: int) -> HttpResponse:
    role = get_object_or_404(policy.visible_roles(request.user), pk=pk)
    policy.may_end(request.user, role).enforce()
    services.end_role(role, by=request.user, why=request.POST.get("reason", ""))
    messages.success(request, _("The role has ended."))
    if role.user == request.user:
        return redirect("accounts:profile")
    return redirect(people_url(role.side))


@require_POST
def invitation_resend(request: Request, pk: int) -> HttpResponse:
    invitation = get_object_or_404(policy.visible_invitations(request.user), pk=pk)
    policy.may_revoke(request.user, invitation).enforce()
    services.resend_invitation(invitation, by=request.user)
    said = _("The invitation was sent again. The new link: %(link)s")
    messages.success(request, said % {"link": invitation.link})
    return redirect(people_url(invitation.side))


@require_POST
def invitation_revoke(request: Request, pk: int) -> HttpResponse:
    invitation = get_object_or_404(policy.visible_invitations(request.user), pk=pk)
    policy.may_revoke(request.user, invitation).enforce()
    services.revoke_invitation(invitation, by=request.user)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect(people_url(invitation.side))
