from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.kernel import clock
from silian.kernel.calendars import policy, services
from silian.kernel.calendars.events import entries, events_of, respond
from silian.kernel.http import PublicRequest, Request


@never_cache
def my_calendar(request: Request) -> HttpResponse:
    """Everything with a time that concerns this person, and its address for other programs."""
    now = clock.now()
    coming = [event for event in events_of(request.user) if (event.end or event.start) >= now]
    context = {"feed": policy.feed_of(request.user), "coming": coming[:8]}
    return render(request, "calendars/my_calendar.html", context)


def my_events(request: Request) -> JsonResponse:
    """The same for the calendar on the page."""
    return JsonResponse(entries(events_of(request.user)), safe=False)


@never_cache
@login_not_required
def feed(request: PublicRequest, token: str) -> HttpResponse:
    """What a calendar program reads, without a sign-in: the token is the secret."""
    user = services.user_of(token)
    if not user:
        raise Http404
    with override(user.language):
        return respond(events_of(user), file="silian", name=_("Silian"))


@require_POST
def feed_open(request: Request) -> HttpResponse:
    services.open_feed(by=request.user)
    messages.success(request, _("The address is made. Give it to your calendar program."))
    return redirect("calendars:my_calendar")


@require_POST
def feed_close(request: Request) -> HttpResponse:
    found = policy.feed_of(request.user)
    if found:
        services.close_feed(found, by=request.user)
        messages.success(request, _("The address no longer works."))
    return redirect("calendars:my_calendar")
