"""Advice on programmes: the reports, one report, one line with its evidence and answers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.advice import papers, policy, services
from silian.education.advice.forms import AnswerForm, AskForm, ForewordForm
from silian.education.advice.models import Advice, Answer, Report
from silian.education.advice.tables import AdviceFilter, AdviceTable, ReportTable
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import is_secretary
from silian.kernel.documents.services import written
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing

VERBS = "edit ask publish drop".split()


@login_not_required
def report_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_reports(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_prepare": policy.may_prepare(request.user, consortium),
        "inside": is_secretary(request.user, consortium),
    }
    listing = Listing(request, rows, ReportTable, name="advice")
    return listing.page("advice/report_index.html", context)


@require_POST
def report_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_prepare(request.user, consortium).enforce()
    return redirect(services.prepare_report(consortium, by=request.user))


@login_not_required
def report_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    report = _report(request, consortium, pk)
    rows = policy.visible_advice(request.user).filter(report=report)
    context: dict[str, Any] = {
        "object": report,
        "consortium": consortium,
        "title": papers.title_of(report),
        "chart": papers.chart_of(list(rows)),
        "rules": papers.rules_rows(report),
        "inside": is_secretary(request.user, consortium),
    }
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, report) for v in VERBS}
    listing = Listing(request, rows, AdviceTable, AdviceFilter, name=f"advice-{report.year}")
    return listing.page("advice/report_detail.html", context)


@login_not_required
def advice_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    advice = _advice(request, consortium, pk)
    context = {
        "object": advice,
        "advice": advice,
        "consortium": consortium,
        "title": advice.subject,
        "why": papers.reason_of(advice),
        "evidence": papers.evidence_of(advice),
        "answers": policy.visible_answers(request.user, advice),
        "may_answer": policy.may_answer(request.user, advice),
    }
    return render(request, "advice/advice_detail.html", context)


def advice_answer(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    advice = _advice(request, consortium, pk)
    policy.may_answer(request.user, advice).enforce()
    schools = policy.answering_schools(request.user, advice)
    said = policy.visible_answers(request.user, advice).filter(school__in=schools).first()
    form = AnswerForm(request.POST or None, instance=said or Answer(advice=advice), schools=schools)
    if request.method == "POST" and form.is_valid():
        services.answer_advice(form.save(commit=False), by=request.user)
        messages.success(request, _("Your answer is kept. It can be changed until publication."))
        return redirect(advice)
    cancel = advice.get_absolute_url()
    context = {"form": form, "consortium": consortium, "advice": advice, "cancel": cancel}
    return render(request, "advice/advice_answer.html", context)


def report_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    report = _report(request, consortium, pk)
    policy.may_edit(request.user, report).enforce()
    form = ForewordForm(request.POST or None, instance=report)
    if request.method == "POST" and form.is_valid():
        services.edit_report(form.save(commit=False), by=request.user)
        return redirect(report)
    cancel = report.get_absolute_url()
    context = {"form": form, "consortium": consortium, "report": report, "cancel": cancel}
    return render(request, "advice/report_edit.html", context)


def report_ask(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    report = _report(request, consortium, pk)
    policy.may_ask(request.user, report).enforce()
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.ask_schools(report, until=form.cleaned_data["until"], by=request.user)
        return redirect(report)
    cancel = report.get_absolute_url()
    context = {"form": form, "consortium": consortium, "report": report, "cancel": cancel}
    return render(request, "advice/report_ask.html", context)


@require_POST
def report_publish(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    report = _report(request, consortium, pk)
    policy.may_publish(request.user, report).enforce()
    services.publish_report(report, by=request.user)
    return redirect(report)


@require_POST
def report_drop(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    report = _report(request, consortium, pk)
    policy.may_drop(request.user, report).enforce()
    services.drop_report(report, by=request.user)
    return redirect("advice:report_index", consortium)


@login_not_required
def report_data(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    report = _whole(request, consortium, pk)
    found = papers.data_of(report) | {"digest": report.digest}
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@login_not_required
def report_paper(
    request: PublicRequest, consortium: Consortium, pk: int, ending: str
) -> HttpResponse:
    if ending not in ("pdf", "docx"):
        raise Http404
    report = _whole(request, consortium, pk)
    lines = list(policy.visible_advice(request.user).filter(report=report))
    text, title = papers.markdown_of(report, lines), papers.title_of(report)
    return written(text, ending, title=title, facts=papers.facts_of(report))


def _report(request: PublicRequest, consortium: Consortium, pk: int) -> Report:
    return get_object_or_404(policy.visible_reports(request.user), pk=pk, consortium=consortium)


def _whole(request: PublicRequest, consortium: Consortium, pk: int) -> Report:
    """A report that ``request.user`` may read from end to end."""
    report = _report(request, consortium, pk)
    policy.may_take_away(request.user, report).enforce()
    return report


def _advice(request: PublicRequest, consortium: Consortium, pk: int) -> Advice:
    rows = policy.visible_advice(request.user)
    return get_object_or_404(rows, pk=pk, report__consortium=consortium)
