"""The result of a cohort, and cohorts side by side."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.charts import Chart
from silian.kernel.ui.listing import Listing
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.policy import may_take_part, visible_cohorts
from silian.talent.outcomes import policy, services
from silian.talent.outcomes.figures import figures_of
from silian.talent.outcomes.forms import outcome_forms
from silian.talent.outcomes.models import Outcome
from silian.talent.outcomes.tables import ComparisonFilter, ComparisonTable
from silian.talent.selections.policy import learners_in


@login_not_required
def result(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """What came of the cohort, in figures."""
    cohort = get_object_or_404(visible_cohorts(request.user), pk=pk, consortium=consortium)
    if not policy.may_read(request.user, cohort):
        raise Http404
    later = policy.later_is_due(cohort)
    moments = Outcome.Moment if later else [Outcome.Moment.AT_END]
    context = {
        "cohort": cohort,
        "consortium": consortium,
        "inside": bool(may_take_part(request.user, cohort)),
        "found": [figures_of(cohort, moment) for moment in moments],
        "may_enter": policy.may_enter(request.user, cohort),
        "later": later,
    }
    return render(request, "outcomes/result.html", context)


def enter(request: Request, consortium: Consortium, pk: int, moment: str) -> HttpResponse:
    """One row a learner: what became of them, from where that is known, certificates."""
    cohort = get_object_or_404(visible_cohorts(request.user), pk=pk, consortium=consortium)
    if moment not in Outcome.Moment.values:
        raise Http404
    policy.may_enter(request.user, cohort).enforce()
    learners = learners_in(request.user, cohort).filter(state=Learner.State.COMPLETED)
    known = policy.outcomes_of(cohort, moment)
    forms = outcome_forms(learners, known, request.POST or None)
    if request.method == "POST" and False not in [form.is_valid() for form in forms]:
        rows = {form.learner.pk: form.facts for form in forms if form.cleaned_data["fate"]}
        services.enter_outcomes(cohort, moment, rows, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("outcomes:result", consortium, pk)
    context = {
        "forms": forms,
        "cohort": cohort,
        "consortium": consortium,
        "moment": Outcome.Moment(moment).label,
        "cancel": reverse("outcomes:result", args=[consortium, pk]),
    }
    return render(request, "outcomes/enter.html", context)


def comparison(request: Request, consortium: Consortium) -> HttpResponse:
    """Cohorts side by side, year by year."""
    rows = policy.compared(request.user, consortium)
    listing = Listing(request, rows, ComparisonTable, ComparisonFilter, name="cohorts-compared")
    shown = listing.filters.qs if listing.filters else rows
    context = {"consortium": consortium, "chart": _by_year(shown)}
    return listing.page("outcomes/comparison.html", context)


def _by_year(cohorts: Iterable[Cohort]) -> Chart | None:
    """What became of those who completed, by the year in which their cohort ended."""
    parts = {"here": _("Employed here"), "elsewhere": _("Employed elsewhere")}
    parts |= {"study": _("Further study")}
    years: dict[int, dict[str, int]] = {}
    for cohort in cohorts:
        if cohort.state == Cohort.State.FINISHED:
            counts: Any = years.setdefault(cohort.ends_on.year, dict.fromkeys(parts, 0))
            for name in parts:
                counts[name] += getattr(cohort, name)
    if not years:
        return None
    labels = [str(year) for year in sorted(years)]
    series = {label: [years[y][name] for y in sorted(years)] for name, label in parts.items()}
    return Chart(_("Learners by year of completion"), labels, series, kind="stacked")
