"""Preparing a ceremony, conducting it, and what the room sees on the screen."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.ceremonies import policy, services
from silian.governance.ceremonies.forms import OrderForm
from silian.governance.ceremonies.models import Ceremony
from silian.governance.ceremonies.tables import CeremonyTable
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def ceremony_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_ceremonies(request.user).filter(item__meeting__consortium=consortium)
    context = {
        "consortium": consortium,
        "waiting": policy.visible_items(request.user, consortium).filter(ceremony=None),
    }
    listing = Listing(request, rows, CeremonyTable, name="ceremonies")
    return listing.page("ceremonies/ceremony_index.html", context)


def item_ceremony(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """From the agenda: to the ceremony, or to its preparation where there is none yet."""
    item = get_object_or_404(policy.visible_items(request.user, consortium), pk=pk)
    if ceremony := getattr(item, "ceremony", None):
        return redirect(ceremony)
    return redirect("ceremonies:ceremony_prepare", consortium, pk)


def ceremony_prepare(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """What is signed under the item ``pk``, and in which order."""
    item = get_object_or_404(policy.visible_items(request.user, consortium), pk=pk)
    policy.may_prepare(request.user, item).enforce()
    ceremony = getattr(item, "ceremony", None)
    turns = list(policy.turns_of(ceremony))
    choices = policy.choices_for(consortium, ceremony)
    posted = request.method == "POST"
    form = OrderForm(choices, request.POST if posted else None)
    if form.is_valid():
        ceremony = services.prepare(item, form.cleaned_data["agreements"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect(ceremony)
    chosen = {turn.agreement_id: place for place, turn in enumerate(turns)}
    rows = sorted(choices, key=lambda agreement: chosen.get(agreement.pk, len(chosen)))
    ticked = set(request.POST.getlist("agreements") if posted else map(str, chosen))
    context = {"consortium": consortium, "item": item, "form": form, "rows": rows}
    context |= {"ticked": ticked, "cancel": item.meeting.get_absolute_url()}
    return render(request, "ceremonies/ceremony_prepare.html", context)


def ceremony_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    ceremony = _ceremony(request, consortium, pk)
    user = request.user
    context = _stage(ceremony) | {
        "object": ceremony,
        "consortium": consortium,
        "may_prepare": policy.may_prepare(user, ceremony.item),
        "may_start": policy.may_start(user, ceremony),
        "may_conduct": policy.may_conduct(user, ceremony),
    }
    return render(request, "ceremonies/ceremony_detail.html", context)


def _ceremony(request: Request, consortium: Consortium, pk: int) -> Ceremony:
    rows = policy.visible_ceremonies(request.user)
    return get_object_or_404(rows, pk=pk, item__meeting__consortium=consortium)


def _stage(ceremony: Ceremony) -> dict[str, Any]:
    """The order of signing with each one's signing, and what is signed now."""
    turns = list(ceremony.turns.all())
    signings = [next(iter(turn.agreement.signings.all()), None) for turn in turns]
    places = [turn.pk for turn in turns]
    place = places.index(ceremony.current_id) if ceremony.current_id in places else None
    return {
        "ceremony": ceremony,
        "turns": list(zip(turns, signings, strict=True)),
        "place": place,
        "current": turns[place] if place is not None else None,
        "process": signings[place] if place is not None else None,
        "upcoming": turns[place + 1] if place is not None and place + 1 < len(turns) else None,
    }


@require_POST
def ceremony_start(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    ceremony = _ceremony(request, consortium, pk)
    policy.may_start(request.user, ceremony).enforce()
    services.start(ceremony, by=request.user)
    return redirect(ceremony)


@require_POST
def ceremony_next(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    return _step(request, consortium, pk, 1)


@require_POST
def ceremony_back(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    return _step(request, consortium, pk, -1)


def _step(request: Request, consortium: Consortium, pk: int, steps: int) -> HttpResponse:
    ceremony = _ceremony(request, consortium, pk)
    policy.may_conduct(request.user, ceremony).enforce()
    services.step(ceremony, steps, by=request.user)
    return redirect(ceremony)


@require_POST
def ceremony_finish(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    ceremony = _ceremony(request, consortium, pk)
    policy.may_conduct(request.user, ceremony).enforce()
    services.finish(ceremony, by=request.user)
    messages.success(request, _("The ceremony is over; its protocol stands at the agenda item."))
    return redirect(ceremony)


def screen(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """For the projector: what is signed now; the part that changes asks for itself anew."""
    ceremony = _ceremony(request, consortium, pk)
    template = "ceremonies/stage.html" if request.htmx else "ceremonies/screen.html"
    return render(request, template, _stage(ceremony) | {"consortium": consortium})


def protocol(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """What happened, to be printed."""
    ceremony = _ceremony(request, consortium, pk)
    context = _stage(ceremony) | {"consortium": consortium}
    return render(request, "ceremonies/protocol.html", context)
