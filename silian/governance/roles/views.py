"""The page of an invitation, the switch between one's roles, and the people of one side."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.roles import policy, services
from silian.governance.roles.forms import InviteForm
from silian.kernel.http import PublicRequest, Request


def invitation(request: PublicRequest, token: str) -> HttpResponse:
    return HttpResponse(token)


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
    return reverse("members:organisation_people", args=[side.pk])


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
