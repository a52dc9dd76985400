"""Item banks and who has a seat in them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.banks import policy, services
from silian.education.banks.forms import BankForm, SeatForm
from silian.education.banks.models import Bank
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import is_secretary
from silian.kernel.http import Request


def bank_index(request: Request, consortium: Consortium) -> HttpResponse:
    banks = policy.visible_banks(request.user).filter(consortium=consortium)
    may_open = policy.may_open_bank(request.user, consortium)
    if not banks:
        may_open.enforce()
    context = {"consortium": consortium, "banks": banks, "may_open": may_open}
    return render(request, "banks/bank_index.html", context)


def bank_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_open_bank(request.user, consortium).enforce()
    owners = policy.owners_for(request.user, consortium)
    own = is_secretary(request.user, consortium)
    bank = Bank(consortium=consortium)
    form = BankForm(owners, request.POST or None, instance=bank, own=own)
    if form.is_valid():
        opened = services.open_bank(form.save(commit=False), by=request.user)
        return redirect(opened.get_absolute_url())
    cancel = reverse("banks:bank_index", args=[consortium])
    context = {"form": form, "consortium": consortium, "cancel": cancel}
    return render(request, "banks/bank_form.html", context)


def bank_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    bank = _bank(request, consortium, pk)
    may_look_after = policy.may_look_after(request.user, bank)
    form = SeatForm(policy.people_for(bank), request.POST or None)
    if request.method == "POST":
        may_look_after.enforce()
        if form.is_valid():
            data = form.cleaned_data
            services.give_seat(bank, data["user"], data["part"], by=request.user)
            messages.success(request, _("Saved."))
            return redirect(bank.get_absolute_url())
    context = {
        "object": bank,
        "bank": bank,
        "consortium": consortium,
        "seats": policy.visible_seats(bank),
        "form": form,
        "may_look_after": may_look_after,
    }
    return render(request, "banks/bank_detail.html", context)


@require_POST
def seat_end(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    bank = _bank(request, consortium, pk)
    policy.may_look_after(request.user, bank).enforce()
    seat = get_object_or_404(policy.visible_seats(bank), pk=key, until=None)
    services.end_seat(seat, by=request.user)
    return redirect(bank.get_absolute_url())


def _bank(request: Request, consortium: Consortium, pk: int) -> Bank:
    return get_object_or_404(policy.visible_banks(request.user), pk=pk, consortium=consortium)
