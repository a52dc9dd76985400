"""What may come next in a short series of yearly figures, and how wrong that was in the past.

Three simple methods are tried on years that are held back, each foretold from the years before it
alone; the one with the smallest mean error wins, and the simpler of two equal ones. Where there are
too few years the answer is a ``TooFew``, never a number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]

LEAST_YEARS = 5  # below this nothing is foretold
FIRST_YEARS = 3  # that a method sees before its first held-back year
LEAST_COHORTS = 2  # of entrants whose graduates were seen
WIDE = 0.9  # of past errors lie within the interval; with few years that is the largest one

# What Holt's method may be set to: the weight of the last level, of the last trend, the damping.
SETTINGS = np.array(
    [(a, b, d) for a in (0.2, 0.4, 0.6, 0.8, 1.0) for b in (0.1, 0.3, 0.5) for d in (0.8, 0.9, 1.0)]
)


@dataclass(frozen=True)
class TooFew:
    """There is no forecast: ``have`` years of figures in a row, where ``need`` are asked."""

    have: int
    need: int


@dataclass(frozen=True)
class Trial:
    """One held-back year: what happened, and what was foretold from the years before it."""

    year: int
    actual: float
    foretold: float
    naive: float  # the year before, as it was

    @property
    def error(self) -> float:
        return abs(self.actual - self.foretold)


@dataclass(frozen=True)
class Ahead:
    """One coming year, and between what its figure lay as often as past forecasts did."""

    year: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """The coming years, the method and its errors on the years that were held back."""

    method: str
    ahead: tuple[Ahead, ...]
    trials: tuple[Trial, ...]
    errors: Mapping[str, float]  # the mean error of every method that was tried

    @property
    def error(self) -> float:
        """Mean absolute error."""
        return float(np.mean([trial.error for trial in self.trials]))

    @property
    def naive_error(self) -> float:
        return float(np.mean([abs(trial.actual - trial.naive) for trial in self.trials]))

    @property
    def percent(self) -> float | None:
        """Mean absolute error in percent; None where a held-back year was zero."""
        if not all(trial.actual for trial in self.trials):
            return None
        return float(np.mean([100 * trial.error / trial.actual for trial in self.trials]))

    def of(self, year: int) -> Ahead | None:
        return next((ahead for ahead in self.ahead if ahead.year == year), None)


def forecast(
    series: Mapping[int, float], *, horizon: int = 3, least: int = LEAST_YEARS
) -> Forecast | TooFew:
    """The years after the last of ``series``, from its last run of years without a gap."""
    years = last_run(series)
    least = max(least, FIRST_YEARS + 1)
    if len(years) < least:
        return TooFew(len(years), least)
    figures = np.array([series[year] for year in years], dtype=np.float64)
    tried = {name: _trials(years, figures, method) for name, method in METHODS.items()}
    errors = {name: _mean_error(trials) for name, trials in tried.items()}
    unit = float(np.mean(figures)) or 1.0  # so that heads and hundreds choose alike
    best = min(errors, key=lambda name: (round(errors[name] / unit, 9), list(METHODS).index(name)))
    values = METHODS[best](figures, horizon)
    return Forecast(best, _ahead(years[-1], values, tried[best]), tried[best], errors)


def last_run(series: Mapping[int, float]) -> list[int]:
    """The last years of ``series`` that follow one another without a gap."""
    run: list[int] = []
    for year in sorted(series, reverse=True):
        if run and year != run[-1] - 1:
            break
        run.append(year)
    return run[::-1]


# --- methods: each takes the past and gives the next ``horizon`` figures, never below zero ----


def naive(figures: Figures, horizon: int) -> Figures:
    """As last year."""
    return np.full(horizon, figures[-1])


def growth(figures: Figures, horizon: int) -> Figures:
    """Last year, and each year the mean change of all years before."""
    change = (figures[-1] - figures[0]) / (len(figures) - 1)
    values: Figures = np.maximum(figures[-1] + change * np.arange(1, horizon + 1), 0)
    return values


def damped(figures: Figures, horizon: int) -> Figures:
    """Holt's trend, damped; its settings are those that fitted the past best."""
    weight, slope, damping = SETTINGS.T
    level = np.full(len(SETTINGS), figures[0])
    trend = np.full(len(SETTINGS), figures[1] - figures[0])
    missed = np.zeros(len(SETTINGS))
    for figure in figures[1:]:
        expected = level + damping * trend
        missed += (figure - expected) ** 2
        new = weight * figure + (1 - weight) * expected
        trend = slope * (new - level) + (1 - slope) * damping * trend
        level = new
    unit = float(np.sum(figures**2)) or 1.0  # settings that fit alike are told apart by no noise
    best = int(np.argmin(np.round(missed / unit, 9)))
    steps = np.cumsum(damping[best] ** np.arange(1, horizon + 1))
    values: Figures = np.maximum(level[best] + steps * trend[best], 0)
    return values


METHODS: dict[str, Callable[[Figures, int], Figures]] = {
    "naive": naive,
    "growth": growth,
    "damped": damped,
}


def _trials(
    years: Sequence[int], figures: Figures, method: Callable[[Figures, int], Figures]
) -> tuple[Trial, ...]:
    return tuple(
        Trial(
            years[now],
            float(figures[now]),
            float(method(figures[:now], 1)[0]),
            float(figures[now - 1]),
        )
        for now in range(FIRST_YEARS, len(figures))
    )


def _mean_error(trials: Sequence[Trial]) -> float:
    return float(np.mean([trial.error for trial in trials]))


def _ahead(
    last: int, values: Sequence[float] | Figures, trials: Sequence[Trial]
) -> tuple[Ahead, ...]:
    """With an interval that grows with the root of the years ahead."""
    errors = [trial.error for trial in trials]
    wide = float(np.quantile(errors, WIDE, method="higher"))
    return tuple(
        Ahead(
            last + step,
            float(value),
            max(float(value) - wide * step**0.5, 0.0),
            float(value) + wide * step**0.5,
        )
        for step, value in enumerate(values, start=1)
    )


# --- graduates --------------------------------------------------------------------------


@dataclass(frozen=True)
class Graduates:
    """Graduates of those who have already entered, by the rate at which others completed."""

    rate: float
    cohorts: int  # from how many years of entrants the rate was seen
    ahead: tuple[Ahead, ...]
    trials: tuple[Trial, ...]

    @property
    def error(self) -> float:
        return _mean_error(self.trials)

    @property
    def naive_error(self) -> float:
        return float(np.mean([abs(trial.actual - trial.naive) for trial in self.trials]))

    def of(self, year: int) -> Ahead | None:
        return next((ahead for ahead in self.ahead if ahead.year == year), None)


def graduates(
    entered: Mapping[int, float], graduated: Mapping[int, float], *, length: int
) -> Graduates | TooFew:
    """Who will graduate of the entrants that are known: no year beyond them is foretold.

    ``length`` is how many years lie between entering and graduating.
    """
    done = sorted(y for y in graduated if entered.get(y - length))
    if len(done) < LEAST_COHORTS:
        return TooFew(len(done), LEAST_COHORTS)
    coming = [y + length for y in sorted(entered) if y + length > max(graduated)]
    trials = _graduating_trials(done, entered, graduated, length)
    rate = _rate(done, entered, graduated, length)
    wide = max(trial.error for trial in trials)
    ahead = tuple(
        Ahead(year, value, max(value - wide, 0.0), value + wide)
        for year in coming
        for value in [rate * entered[year - length]]
    )
    return Graduates(rate, len(done), ahead, trials)


def _rate(
    years: Sequence[int], entered: Mapping[int, float], graduated: Mapping[int, float], length: int
) -> float:
    return sum(graduated[y] for y in years) / sum(entered[y - length] for y in years)


def _graduating_trials(
    years: Sequence[int], entered: Mapping[int, float], graduated: Mapping[int, float], length: int
) -> tuple[Trial, ...]:
    return tuple(
        Trial(
            year,
            float(graduated[year]),
            _rate(years[:now], entered, graduated, length) * entered[year - length],
            float(graduated.get(year - 1, graduated[years[now - 1]])),
        )
        for now, year in enumerate(years)
        if now
    )
