"""An examiner's own pages, and the photos that were taken at a station."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from silian.education.judging import policy
from silian.education.judging.models import Interruption
from silian.governance.consortia.models import Consortium
from silian.kernel.files import services as files
from silian.kernel.http import Request


@never_cache
def mine(request: Request) -> HttpResponse:
    """The stations at which one judges, today's first; then what one signed in closed exams."""
    places = list(policy.own_places(request.user))
    today = policy.todays(places)
    context = {
        "today": today,
        "others": [one for one in places if one not in today],
        "past": policy.sheets_of_past_exams(request.user),
    }
    return render(request, "judging/mine.html", context)


@never_cache
def station(request: Request, pk: int) -> HttpResponse:
    """The tablet's page. What stands on it comes through the door, so that it can be kept."""
    panellist = get_object_or_404(policy.own_places(request.user), pk=pk)
    context = {
        "panellist": panellist,
        "station": panellist.station,
        "practical": panellist.station.practical,
        "causes": Interruption.Cause.choices,
        "by_password": request.user.has_usable_password(),
    }
    return render(request, "judging/station.html", context)


@never_cache
def photo(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """A photo, opened from where it lies encrypted."""
    rows = policy.visible_photos(request.user)
    found = get_object_or_404(rows, pk=pk, turn__station__practical__consortium=consortium)
    answer = HttpResponse(files.read(found.file), content_type=found.file.media_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
