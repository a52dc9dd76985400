"""Supply and demand side by side, and the forecasts of one occupation and one programme."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from silian.education.forecasts import figures, policy, services, words
from silian.education.forecasts.forms import ShareForm
from silian.education.forecasts.sides import WAYS, Book, Side, book_of
from silian.education.forecasts.tables import SideTable
from silian.education.programmes.models import Programme
from silian.engines.forecasting import Forecast, Graduates
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.charts import Chart, Kind
from silian.kernel.ui.listing import Listing

MOST = 12  # lines that the chart shows
PILLS = 6  # years to choose from
# Columns that an arrangement does without.
WITHOUT = {"occupation": ("own",), "programme": ("demand_next", "gap_next", "stated")}
OTHERWISE = ("demand_next", "supply_next", "gap_next", "own")


@login_not_required
def side_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    book = book_of(consortium)
    asked = request.GET.get("by", "")
    way = asked if asked in WAYS else "occupation"
    year = _year(request, book)
    rows = (
        sorted(WAYS[way][1](book, year), key=_urgency)
        if way != "year"
        else WAYS[way][1](book, year)
    )
    listing = Listing(request, rows, SideTable, name=f"supply-{way}-{year}")
    listing.table.exclude = WITHOUT.get(way, OTHERWISE)
    context = {
        "consortium": consortium,
        "ways": [(key, label) for key, (label, _rows) in WAYS.items()],
        "way": way,
        "year": year,
        "years": book.years[:PILLS],
        "released": year in book.released,
        "chart": _chart(rows, way),
    }
    return listing.page("forecasts/side_index.html", context)


@login_not_required
def occupation(request: PublicRequest, consortium: Consortium, code: str) -> HttpResponse:
    found = get_object_or_404(policy.visible_occupations(request.user), code=code)
    book = book_of(consortium)
    series = book.needed(code)
    supply = figures.supply_by_occupation(book.tracks).get(code)
    demand = figures.demand_ahead(series)
    ahead = list(demand.ahead) if isinstance(demand, Forecast) else []
    last = max([*series, *(supply.years if supply else ())], default=0)
    leaving = [a for a in (supply.ahead(last + n) for n in (1, 2, 3)) if a] if supply else []
    context = {
        "consortium": consortium,
        "occupation": found,
        "chart": words.chart_of(
            _("Demand and graduates by year"),
            series,
            supply.years if supply else {},
            ahead,
            leaving,
        ),
        "demand": demand if isinstance(demand, Forecast) else None,
        "methods": _methods(demand) if isinstance(demand, Forecast) else [],
        "of_demand": words.of_demand(demand),
        "of_supply": words.of_supply(supply),
        "leaving": leaving,
        "tracks": [(track, track.shares[code]) for track in supply.tracks] if supply else [],
    }
    return render(request, "forecasts/occupation.html", context)


@login_not_required
def programme(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    found = _programme(request, consortium, pk)
    track = figures.track_of(found)
    coming = track.coming if isinstance(track.coming, Graduates) else None
    years = sorted({*track.entered, *track.graduated}, reverse=True)
    named = {code.code: code for code in found.occupations.all()}
    chart = Chart(
        _("Entrants and graduates by year"),
        [str(year) for year in years[::-1]],
        {
            _("Entrants"): [_whole(track.entered.get(year)) for year in years[::-1]],
            _("Graduates"): [_whole(track.graduated.get(year)) for year in years[::-1]],
        },
        kind="line",
        unit=_("people"),
    )
    context = {
        "consortium": consortium,
        "programme": found,
        "track": track,
        "coming": coming,
        "words": words.of_track(track),
        "chart": chart if years else None,
        "shares": [(named[code], round(100 * part)) for code, part in track.shares.items()],
        "may_share": policy.may_share(request.user, found),
    }
    return render(request, "forecasts/programme.html", context)


def shares(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    found = _programme(request, consortium, pk)
    policy.may_share(request.user, found).enforce()
    form = ShareForm(request.POST or None, programme=found)
    if request.method == "POST" and form.is_valid():
        services.state_shares(found, form.shares(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("forecasts:programme", consortium, pk)
    context = {"form": form, "consortium": consortium, "programme": found}
    return render(request, "forecasts/shares.html", context)


def _programme(request: PublicRequest, consortium: Consortium, pk: int) -> Programme:
    return get_object_or_404(policy.visible_programmes(request.user, consortium), pk=pk)


def _year(request: PublicRequest, book: Book) -> int:
    """The year asked for, or the last with both sides, or the last of either."""
    asked = request.GET.get("year", "")
    if asked.isdigit() and int(asked) in book.years:
        return int(asked)
    both = [y for y in book.released if any(y in t.graduated for t in book.tracks)]
    return max(both or book.years, default=0)


def _urgency(side: Side) -> int:
    return -abs(side.gap or 0)


def _chart(rows: list[Side], way: str) -> Chart | None:
    shown = rows[:MOST] if way != "year" else rows[::-1]
    if not shown:
        return None
    series: dict[str, Any] = {
        _("Demand"): [side.demand for side in shown],
        _("Graduates"): [side.supply for side in shown],
    }
    kind: Kind = "bar" if way == "year" else "across"
    title = _("Demand and graduates")
    return Chart(title, [side.name for side in shown], series, kind=kind, unit=_("people"))


def _methods(found: Forecast) -> list[dict[str, Any]]:
    """Each method that was tried, with its mean error."""
    return [
        {
            "label": words.METHODS[name],
            "error": words.rounded(error),
            "chosen": name == found.method,
        }
        for name, error in found.errors.items()
    ]


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
