from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.charters.models import Organ
from silian.governance.consortia.models import Consortium
from silian.governance.petitions import policy, services
from silian.governance.petitions.forms import PetitionForm
from silian.governance.petitions.models import Petition
from silian.governance.petitions.tables import PetitionTable
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def petition_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_petitions(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_petition": policy.may_petition(request.user, consortium),
    }
    rows = rows.annotate(supporters=Count("supports"))
    listing = Listing(request, rows, PetitionTable, name="petitions")
    return listing.page("petitions/petition_index.html", context)


def petition_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_petition(request.user, consortium).enforce()
    mine = {
        organ: {unit.pk for unit in policy.my_units(request.user, consortium, organ)}
        for organ in Organ.values
    }
    form = PetitionForm(mine, request.POST or None, instance=Petition(consortium=consortium))
    if form.is_valid():
        petition = form.save(commit=False)
        unit = form.cleaned_data["unit"]
        return redirect(services.make_petition(petition, unit, by=request.user))
    cancel = reverse("petitions:petition_index", args=[consortium])
    context = {"consortium": consortium, "form": form, "cancel": cancel}
    return render(request, "petitions/petition_new.html", context)


def petition_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    petition = _petition(request, consortium, pk)
    supports = list(petition.supports.select_related("organisation"))
    supporting = {support.organisation_id for support in supports}
    units = policy.my_units(request.user, consortium, petition.organ)
    context = {
        "object": petition,
        "petition": petition,
        "consortium": consortium,
        "count": policy.count_of(petition),
        "supports": supports,
        "units": [(unit, unit.pk in supporting) for unit in units],
        "may_support": policy.may_support(request.user, petition),
        "may_answer": policy.may_answer(request.user, petition),
    }
    return render(request, "petitions/petition_detail.html", context)


@require_POST
def petition_support(
    request: Request, consortium: Consortium, pk: int, unit: int, withdraw: bool
) -> HttpResponse:
    petition = _petition(request, consortium, pk)
    policy.may_support(request.user, petition).enforce()
    mine = {one.pk: one for one in policy.my_units(request.user, consortium, petition.organ)}
    if unit in mine:
        act = services.withdraw_support if withdraw else services.support
        act(petition, mine[unit], by=request.user)
    return redirect(petition)


@require_POST
def petition_answer(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    petition = _petition(request, consortium, pk)
    policy.may_answer(request.user, petition).enforce()
    meeting = services.prepare_meeting(petition, by=request.user)
    messages.success(request, _("The meeting is drafted. Check its time and place, then call it."))
    return redirect(meeting)


def _petition(request: Request, consortium: Consortium, pk: int) -> Petition:
    return get_object_or_404(policy.visible_petitions(request.user), pk=pk, consortium=consortium)
