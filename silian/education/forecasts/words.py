"""What a forecast says of itself: how it was made, how wrong it was, or why there is none."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.forecasts.figures import Supply, Track, Years
from silian.engines.forecasting import Ahead, Forecast, TooFew
from silian.kernel.ui import formats
from silian.kernel.ui.charts import Chart

METHODS: dict[str, Promise] = {
    "naive": gettext_lazy("as last year"),
    "growth": gettext_lazy("mean yearly change"),
    "damped": gettext_lazy("damped trend (Holt)"),
}


def of_demand(found: Forecast | TooFew) -> str:
    """One paragraph under the figures."""
    if isinstance(found, TooFew):
        return _(
            "No forecast: there are %(have)s years of released demand without a gap, and "
            "%(need)s are needed."
        ) % {"have": found.have, "need": found.need}
    return _(
        "Method: %(method)s, chosen of three because its mean error was the smallest on "
        "%(years)s held-back years, each foretold from the years before it alone. Mean error "
        "%(error)s people%(percent)s; “as last year” would have been wrong by %(naive)s. The "
        "range is as wide as past errors were and widens with every year ahead. The method was "
        "chosen on the same years, so its error flatters a little."
    ) % {
        "method": METHODS[found.method],
        "years": len(found.trials),
        "error": rounded(found.error),
        "percent": f" ({rounded(found.percent)}%)" if found.percent is not None else "",
        "naive": rounded(found.naive_error),
    }


def of_track(track: Track) -> str:
    found = track.coming
    if isinstance(found, TooFew):
        return _(
            "No forecast: of %(have)s years both the entrants and, %(length)s years later, the "
            "graduates are known, and %(need)s are needed."
        ) % {"have": found.have, "need": found.need, "length": track.programme.years}
    return _(
        "Method: the entrants that are known × the share that graduated of %(cohorts)s earlier "
        "years of entrants (%(rate)s %%). Mean error on %(years)s held-back years: %(error)s "
        "people; “as last year” would have been wrong by %(naive)s. Nobody is foretold who has "
        "not entered yet."
    ) % {
        "cohorts": found.cohorts,
        "rate": rounded(100 * found.rate),
        "years": len(found.trials),
        "error": rounded(found.error),
        "naive": rounded(found.naive_error),
    }


def of_supply(supply: Supply | None) -> str:
    if supply is None:
        return _("No member school trains for this occupation.")
    without = [t for t in supply.tracks if isinstance(t.coming, TooFew)]
    if without:
        return _(
            "No forecast of graduates: for %(without)s of %(all)s programmes there are too few "
            "years of figures."
        ) % {"without": len(without), "all": len(supply.tracks)}
    return _(
        "Graduates are foretold programme by programme, from those who have entered, and summed "
        "over %(all)s programmes with the share that goes into this occupation."
    ) % {"all": len(supply.tracks)}


def rounded(value: float | None) -> str:
    return "" if value is None else formats.number(round(value, 1))


def chart_of(
    title: str, demand: Years, supply: Years, ahead: Sequence[Ahead], leaving: Sequence[Ahead]
) -> Chart:
    """Both sides over the years; what is foretold are lines of their own."""
    years = sorted({*demand, *supply, *(a.year for a in ahead), *(a.year for a in leaving)})
    series: dict[str, list[int | float | None]] = {}
    if demand:
        series[_("Demand")] = [_whole(demand.get(year)) for year in years]
    if supply:
        series[_("Graduates")] = [_whole(supply.get(year)) for year in years]
    for name, coming in ((_("Demand, foretold"), ahead), (_("Graduates, foretold"), leaving)):
        if coming:
            by_year = {one.year: one.value for one in coming}
            series[name] = [_whole(by_year.get(year)) for year in years]
    return Chart(title, [str(year) for year in years], series, kind="line", unit=_("people"))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
