"""The living page of the components; what keeps pages that work without a network."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from silian.kernel import clock
from silian.kernel.ui import samples
from silian.kernel.ui.listing import Listing

WORKER = Path(__file__).parent / "static" / "ui" / "offline.js"


@login_not_required
def offline_worker(request: HttpRequest) -> FileResponse:
    """What keeps pages without a network; it looks after addresses below its own."""
    return FileResponse(WORKER.open("rb"), content_type="text/javascript")


def components(request: HttpRequest) -> HttpResponse:
    """Every component, living; for whoever builds pages or looks after the installation."""
    _enforce(request)
    form = samples.SampleForm(request.POST if "name" in request.POST else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        messages.success(
            request, _("Done. %(reason)s") % {"reason": request.POST.get("reason", "")}
        )
        return redirect("ui:components")
    rows = samples.SampleFilter().qs.order_by("model")
    listing = Listing(
        request, rows, samples.SampleTable, samples.SampleFilter, name="components", per_page=10
    )
    return listing.page("ui/components.html", {**samples.shown(), "form": form})


def events(request: HttpRequest) -> JsonResponse:
    """What the calendar of the page shows."""
    _enforce(request)
    day = clock.today()
    event = {"title": _("Council meeting"), "start": f"{day}T09:00", "end": f"{day}T11:30"}
    trip = {"title": _("Forum"), "start": f"{day + timedelta(2)}", "end": f"{day + timedelta(4)}"}
    return JsonResponse([event, {**trip, "url": "#calendar"}], safe=False)


def _enforce(request: HttpRequest) -> None:
    if not (settings.DEBUG or getattr(request.user, "duty", "") == "system"):
        raise PermissionDenied(_("This page is for system administrators."))
