"""How many passed, by part and by who entered them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from silian.education.passrates.figures import FEW, parts_of, sides_of
from silian.education.results.policy import appraised, latest
from silian.education.skillappraisals.policy import readable
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request


def figures(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    appraisal = get_object_or_404(readable(request.user), pk=pk, consortium=consortium)
    entries = {entry.pk: entry for entry in appraised(appraisal)}
    outcomes = [one for one in latest(appraisal).values() if one.entry_id in entries]
    for one in outcomes:
        one.entry = entries[one.entry_id]
    context = {
        "consortium": consortium,
        "object": appraisal,
        "people": len(outcomes),
        "passed": sum(one.passed for one in outcomes),
        "parts": parts_of(outcomes),
        "sides": sides_of(outcomes, _("By themselves")),
        "few": FEW,
    }
    return render(request, "passrates/figures.html", context)
