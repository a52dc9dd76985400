"""What training is asked for, asking, and answering."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.courses.policy import visible_organisers
from silian.education.needs import policy, services
from silian.education.needs.forms import AnswerForm, NeedForm, TakeForm
from silian.education.needs.models import Pool
from silian.education.needs.tables import PoolFilter, PoolTable
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def pool_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """What is asked for and by how many, open to everybody."""
    rows = policy.visible_pools(request.user).filter(consortium=consortium)
    listing = Listing(request, rows, PoolTable, PoolFilter, name="requests")
    context = {"consortium": consortium, "may_ask": policy.may_ask(request.user)}
    return listing.page("needs/pool_index.html", context)


@login_not_required
def pool_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    pool = pool_of(request, consortium, pk)
    user = request.user
    needs = [(need, policy.may_withdraw(user, need)) for need in policy.visible_needs(user, pool)]
    context = {
        "object": pool,
        "consortium": consortium,
        "needs": needs,
        "may_take": policy.may_take(user, pool),
        "may_give_back": policy.may_give_back(user, pool),
        "may_answer": policy.may_answer(user, pool),
        "take_form": TakeForm(visible_organisers(user, consortium)),
        "answer_form": AnswerForm(policy.answers_for(user, consortium)),
    }
    return render(request, "needs/pool_detail.html", context)


def need_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_ask(request.user).enforce()
    form = NeedForm(policy.acting_for(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        need = services.ask(
            form.save(commit=False),
            consortium,
            skill=data["skill"],
            occupation=data["occupation"],
            by=request.user,
        )
        messages.success(request, _("Your request is in. You are told when somebody answers."))
        return redirect(need.pool)
    cancel = reverse("needs:pool_index", args=[consortium])
    context = {"form": form, "consortium": consortium, "cancel": cancel}
    return render(request, "needs/need_form.html", context)


@require_POST
def need_withdraw(request: Request, consortium: Consortium, pk: int, need: int) -> HttpResponse:
    pool = pool_of(request, consortium, pk)
    found = get_object_or_404(policy.visible_needs(request.user, pool), pk=need)
    policy.may_withdraw(request.user, found).enforce()
    services.withdraw(found, by=request.user)
    return redirect("needs:pool_index", consortium)


@require_POST
def pool_take(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    pool = pool_of(request, consortium, pk)
    policy.may_take(request.user, pool).enforce()
    form = TakeForm(visible_organisers(request.user, consortium), request.POST)
    if form.is_valid():
        services.take(pool, form.cleaned_data["organisation"], by=request.user)
    return redirect(pool)


@require_POST
def pool_give_back(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    pool = pool_of(request, consortium, pk)
    policy.may_give_back(request.user, pool).enforce()
    services.give_back(pool, by=request.user)
    return redirect(pool)


@require_POST
def pool_answer(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    pool = pool_of(request, consortium, pk)
    policy.may_answer(request.user, pool).enforce()
    form = AnswerForm(policy.answers_for(request.user, consortium), request.POST)
    if form.is_valid():
        services.answer(pool, form.cleaned_data["course"], by=request.user)
        messages.success(request, _("Everybody who asked has been told."))
    else:
        messages.error(request, _("Choose a course."))
    return redirect(pool)


def pool_of(request: PublicRequest, consortium: Consortium, pk: int) -> Pool:
    return get_object_or_404(policy.visible_pools(request.user), pk=pk, consortium=consortium)
