"""What is recommended to me and why; and which programmes fit a position."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from silian.governance.consortia.models import Consortium
from silian.industry.demand.policy import visible_positions
from silian.kernel.http import PublicRequest, Request
from silian.talent.recommendations import policy, services
from silian.talent.recommendations.forms import LookingForm

NEWEST = 20


@require_safe
def own_recommendations(request: Request) -> HttpResponse:
    """With consent what fits, with reasons; always what is new for everybody."""
    person = policy.visible_person(request.user)
    form = LookingForm(request.GET or None)
    looked_for = form.cleaned_data if form.is_valid() else {}
    region = looked_for.get("region")
    on = policy.is_switched_on(person)
    found = (
        services.recommendations(
            person, kinds=looked_for.get("kinds", ()), regions=[region.pk] if region else ()
        )
        if person and on
        else []
    )
    context = {"on": on, "form": form, "found": found, "newest": policy.visible_newest()[:NEWEST]}
    return render(request, "recommendations/own_recommendations.html", context)


@login_not_required
@require_safe
def fitting_programmes(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    rows = visible_positions(request.user).filter(consortium=consortium)
    position = get_object_or_404(rows, pk=pk)
    supplies = services.supplies(position)
    context = {"position": position, "consortium": consortium, "supplies": supplies}
    return render(request, "recommendations/fitting_programmes.html", context)
