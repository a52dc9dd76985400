from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from silian.kernel.http import Request
from silian.kernel.tokens import policy, services
from silian.kernel.tokens.forms import TokenForm


@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request: Request) -> HttpResponse:
    """One's own tokens, and a new one; its secret is shown in the answer and never again."""
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        policy.may_create(request.user).enforce()
        _token, secret = services.create_token(
            form.cleaned_data["name"], by=request.user, days=form.cleaned_data["days"]
        )
        form = TokenForm()
    context = {
        "form": form,
        "secret": secret,
        "tokens": policy.visible_tokens(request.user),
        "may_create": policy.may_create(request.user),
    }
    return render(request, "tokens/token_list.html", context, status=422 if form.errors else 200)


@require_POST
def token_withdraw(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(policy.visible_tokens(request.user), pk=pk)
    services.withdraw_token(token, by=request.user)
    messages.success(request, _("The token no longer counts."))
    return redirect("tokens:token_list")
