"""Drawing an agreement up and asking the three sides to sign it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from silian.governance.agreements.rules import RulesBroken
from silian.governance.consortia.models import Consortium
from silian.governance.drafting.readiness import NotReady
from silian.kernel.http import Request
from silian.talent.contracts import services
from silian.talent.contracts.forms import OfferForm
from silian.talent.internships import policy


def offer(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Draw the agreement up and ask the three sides to sign it."""
    rows = policy.visible_internships(request.user)
    internship = get_object_or_404(rows, pk=pk, consortium=consortium)
    policy.may_offer(request.user, internship).enforce()
    form = OfferForm(internship, request.POST or None)
    if form.is_valid():
        try:
            services.offer(internship, by=request.user, **form.cleaned_data)
        except (RulesBroken, NotReady) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("All sides are asked to sign."))
            return redirect(internship)
    context: dict[str, Any] = {"consortium": consortium, "internship": internship, "form": form}
    context |= {"cancel": internship.get_absolute_url()}
    context["guardian"] = services.asks_guardian(internship)
    return render(request, "contracts/offer.html", context)
