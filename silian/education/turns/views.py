"""The plan of turns, and what each candidate and each examiner has of it."""

from django.http import HttpResponse
from django.shortcuts import render

from silian.education.practicals import policy
from silian.kernel.http import Request


def mine(request: Request) -> HttpResponse:
    """The practical exams one takes, with tickets and turns, and the stations one judges at."""
    context = {
        "entries": policy.own_entries(request.user).prefetch_related("turns__station"),
        "stations": policy.own_stations(request.user),
    }
    return render(request, "turns/mine.html", context)
