"""The pages of appeals: filing one, who looks at it, the answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.panels.material import marked_at, material_of
from silian.education.results import policy, services
from silian.education.results.forms import AppealForm, AssignForm, DecisionForm
from silian.education.results.models import Appeal
from silian.education.skillappraisals.policy import may_manage
from silian.governance.consortia.models import Consortium
from silian.kernel.files import services as files
from silian.kernel.http import Request


def appeal_new(request: Request, pk: int) -> HttpResponse:
    outcome = get_object_or_404(policy.appealable(request.user), pk=pk)
    policy.may_appeal(request.user, outcome).enforce()
    form = AppealForm(outcome, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.appeal(outcome, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Your appeal was received. It is answered here."))
            return redirect(made)
    appraisal = outcome.entry.appraisal
    mine = outcome.entry.person.user_id == request.user.pk
    ours = reverse("results:ours", args=[appraisal.consortium, appraisal.pk])
    context = {
        "form": form,
        "appraisal": appraisal,
        "mine": mine,
        "cancel": reverse("results:own_results") if mine else ours,
    }
    return render(request, "results/appeal_form.html", context)


def appeal_detail(request: Request, consortium: Consortium, pk: int, appeal: int) -> HttpResponse:
    found = appeal_of(request, consortium, pk, appeal)
    entry = found.outcome.entry
    manages = may_manage(request.user, entry.appraisal)
    decides = found.reviewer_id == request.user.pk
    context = {
        "object": found,
        "consortium": consortium,
        "appraisal": entry.appraisal,
        "entry": entry,
        "papers": found.papers.all(),
        "manages": manages,
        "material": material_of(entry, found.part) if manages or decides else None,
        "marked_at": marked_at(entry, found.part) if manages else "",
        "may_assign": policy.may_assign(request.user, found),
        "may_decide": policy.may_decide(request.user, found),
        "may_withdraw": policy.may_withdraw(request.user, found),
    }
    return render(request, "results/appeal_detail.html", context)


def appeal_assign(request: Request, consortium: Consortium, pk: int, appeal: int) -> HttpResponse:
    found = appeal_of(request, consortium, pk, appeal)
    policy.may_assign(request.user, found).enforce()
    form = AssignForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.assign(found, form.cleaned_data["reviewer"], by=request.user)
        return redirect(found)
    title = _("Who looks at it")
    context = {"form": form, "object": found, "title": title, "cancel": found.get_absolute_url()}
    return render(request, "results/appeal_step.html", context)


def appeal_decide(request: Request, consortium: Consortium, pk: int, appeal: int) -> HttpResponse:
    found = appeal_of(request, consortium, pk, appeal)
    policy.may_decide(request.user, found).enforce()
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.decide(found, by=request.user, **form.cleaned_data)
        return redirect(found)
    title = _("Decide the appeal")
    context = {"form": form, "object": found, "title": title, "cancel": found.get_absolute_url()}
    return render(request, "results/appeal_step.html", context)


@require_POST
def appeal_withdraw(request: Request, consortium: Consortium, pk: int, appeal: int) -> HttpResponse:
    found = appeal_of(request, consortium, pk, appeal)
    policy.may_withdraw(request.user, found).enforce()
    services.withdraw(found, by=request.user)
    return redirect(found)


def appeal_paper(
    request: Request, consortium: Consortium, pk: int, appeal: int, file: int
) -> FileResponse:
    found = appeal_of(request, consortium, pk, appeal)
    return files.respond(get_object_or_404(found.papers, pk=file), inline=True)


def appeal_of(request: Request, consortium: Consortium, pk: int, appeal: int) -> Appeal:
    rows = policy.visible_appeals(request.user).filter(
        outcome__entry__appraisal=pk, outcome__entry__appraisal__consortium=consortium
    )
    return get_object_or_404(rows, pk=appeal)
