"""Confirming many positions with one press, reopening what lapsed, and setting how often."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silian.governance.consortia.models import Consortium
from silian.industry.demand import policy as demand
from silian.industry.demand import services as positions
from silian.industry.demand.models import Rhythm
from silian.industry.freshness import policy, services
from silian.industry.freshness.forms import RhythmForm
from silian.industry.freshness.tables import ConfirmationTable
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def confirmations(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_answer(request.user, consortium).enforce()
    rows = policy.visible_to_confirm(request.user, consortium)
    if request.method == "POST":
        keys = [key for key in request.POST.getlist("position") if key.isdecimal()]
        chosen = list(rows.filter(pk__in=keys))
        for position in chosen:
            demand.may_confirm(request.user, position).enforce()
        count = positions.confirm_positions(chosen, by=request.user)
        told = ngettext("%(n)s position is confirmed.", "%(n)s positions are confirmed.", count)
        messages.success(request, told % {"n": count})
        return redirect("freshness:confirmations", consortium)
    listing = Listing(request, rows, ConfirmationTable, name="confirmations", per_page=200)
    context = {
        "consortium": consortium,
        "rhythm": Rhythm.of(consortium),
        "lapsed": [
            (position, demand.may_reopen(request.user, position))
            for position in policy.visible_to_reopen(request.user, consortium)[:50]
        ],
    }
    return listing.page("freshness/confirmations.html", context)


def rhythm(request: Request, consortium: Consortium) -> HttpResponse:
    """How often employers are asked, for the secretariat."""
    policy.may_set(request.user, consortium).enforce()
    form = RhythmForm(request.POST or None, instance=Rhythm.of(consortium))
    if request.method == "POST" and form.is_valid():
        services.set_rhythm(form.save(commit=False), by=request.user)
        messages.success(request, _("The rhythm is set."))
        return redirect("demand:position_review", consortium)
    context = {"form": form, "consortium": consortium}
    return render(request, "freshness/rhythm.html", context)
