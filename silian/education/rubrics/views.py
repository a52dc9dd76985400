"""The criteria of a station, one by one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.practicals import policy
from silian.education.practicals.models import Criterion, Station
from silian.education.rubrics import services
from silian.education.rubrics.forms import CriterionForm
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request


def criterion_new(request: Request, consortium: Consortium, pk: int, station: int) -> HttpResponse:
    found = prepared(request, consortium, pk, station)
    return _criterion_page(request, Criterion(station=found))


def criterion_edit(
    request: Request, consortium: Consortium, pk: int, station: int, criterion: int
) -> HttpResponse:
    found = prepared(request, consortium, pk, station)
    return _criterion_page(request, get_object_or_404(found.criteria.all(), pk=criterion))


def _criterion_page(request: Request, criterion: Criterion) -> HttpResponse:
    form = CriterionForm(request.POST or None, instance=criterion)
    station = criterion.station
    if request.method == "POST" and form.is_valid():
        services.save_criterion(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(address_of(station))
    context = {
        "form": form,
        "station": station,
        "consortium": station.practical.consortium,
        "cancel": address_of(station),
    }
    return render(request, "rubrics/criterion_form.html", context)


@require_POST
def criterion_remove(
    request: Request, consortium: Consortium, pk: int, station: int, criterion: int
) -> HttpResponse:
    found = prepared(request, consortium, pk, station)
    row = get_object_or_404(found.criteria.all(), pk=criterion)
    services.remove_criterion(row, by=request.user)
    return redirect(address_of(found))


def address_of(station: Station) -> str:
    keys = [station.practical.consortium, station.practical_id, station.pk]
    return reverse("practicals:station_detail", args=keys)


def prepared(request: Request, consortium: Consortium, pk: int, station: int) -> Station:
    rows = policy.visible_stations(request.user).filter(
        practical=pk, practical__consortium=consortium
    )
    found = get_object_or_404(rows, pk=station)
    policy.may_prepare(request.user, found.practical).enforce()
    return found
