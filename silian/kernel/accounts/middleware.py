"""What every request of somebody signed in passes through."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from silian.kernel import clock
from silian.kernel.accounts import policy

Next = Callable[[HttpRequest], HttpResponse]
SEEN = "seen"  # the session's key: when its holder last asked for a page, in seconds
STEP = 60  # seconds; the session is written at most so often for that


def idle_timeout(get_response: Next) -> Next:
    """Sign out who has asked for nothing in SESSION_IDLE_SECONDS."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = clock.now().timestamp()
            away = now - request.session.get(SEEN, 0)
            if SEEN in request.session and away > settings.SESSION_IDLE_SECONDS:
                logout(request)
                messages.info(request, _("You were signed out because you were away for a while."))
            elif away > min(STEP, settings.SESSION_IDLE_SECONDS / 2):
                request.session[SEEN] = now
        return get_response(request)

    return middleware


def second_factor(get_response: Next) -> Next:
    """Where a second factor is required, show nothing before it is set up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            settings.REQUIRE_SECOND_FACTOR
            and user.is_authenticated
            and not request.path.startswith(("/accounts/", settings.STATIC_URL))
            and policy.needs_second_factor(user)
            and not is_mfa_enabled(user)
        ):
            messages.warning(request, _("Your role asks for a second factor: please set one up."))
            return redirect("mfa_index")
        return get_response(request)

    return middleware
