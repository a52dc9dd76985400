"""The public keys, for whoever verifies; the system administrator replaces them here."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.kernel.http import PublicRequest, Request
from silian.talent.keyring import policy, services


@login_not_required
def key_index(request: PublicRequest) -> HttpResponse:
    keys = [
        (key, policy.may_withdraw(request.user, key)) for key in policy.visible_keys(request.user)
    ]
    context = {"keys": keys, "may_replace": policy.may_replace(request.user)}
    return render(request, "keyring/key_index.html", context)


@require_POST
def key_replace(request: Request) -> HttpResponse:
    policy.may_replace(request.user).enforce()
    services.replace(by=request.user)
    messages.success(request, _("A new key signs from now on."))
    return redirect("keyring:key_index")


@require_POST
def key_withdraw(request: Request, pk: int) -> HttpResponse:
    key = get_object_or_404(policy.visible_keys(request.user), pk=pk)
    policy.may_withdraw(request.user, key).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        services.withdraw(key, reason=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect("keyring:key_index")
