"""The office's pages: how far the marking of an exam is, its sheets and items, corrections."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.marking import policy as around
from silian.education.marking import services as office
from silian.education.marking.asked import Asked, asked_in, in_words
from silian.education.marking.models import Answer, Marking, Question, Sheet
from silian.education.marksheets import correcting, policy, services, statistics
from silian.education.marksheets.forms import CorrectionForm, MarkerForm, RulesForm, RulingForm
from silian.education.marksheets.tables import (
    QuestionTable,
    SheetFilter,
    SheetTable,
    marks_table,
)
from silian.education.questions.building import answer_of
from silian.education.sittings.policy import may_manage as may_manage_exam
from silian.education.sittings.policy import visible_exams
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.exports import exported
from silian.kernel.ui.listing import Listing

# --- the marking as a whole -------------------------------------------------------------


def marking_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """How far it is, what comes next, and how it came out."""
    exam = get_object_or_404(visible_exams(request.user), pk=pk, consortium=consortium)
    may_manage_exam(request.user, exam).enforce()
    marking = around.visible_markings(request.user).filter(exam=exam).first()
    context: dict[str, Any] = {"exam": exam, "consortium": consortium, "object": marking}
    context["may_begin"] = around.may_begin(request.user, exam)
    if marking is None:
        return render(request, "marksheets/marking_begin.html", context)
    context |= {
        "figures": around.figures_of(marking),
        "by_hand": policy.with_figures(marking.questions.filter(by_hand=True)),
        "markers": around.markers_of(marking),
        "spread": statistics.spread_of(marking),
        "may_organise": around.may_organise(request.user, marking),
        "may_complete": policy.may_complete(request.user, marking),
        "may_read": policy.may_read_sheet(request.user, marking),
    }
    return render(request, "marksheets/marking_detail.html", context)


@require_POST
def marking_begin(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    exam = get_object_or_404(visible_exams(request.user), pk=pk, consortium=consortium)
    around.may_begin(request.user, exam).enforce()
    return redirect(office.begin_marking(exam, by=request.user))


@require_POST
def marking_complete(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    marking = marking_of(request, consortium, pk)
    policy.may_complete(request.user, marking).enforce()
    services.complete(marking, by=request.user)
    messages.success(request, _("Signed. Points change only by a correction from now on."))
    return redirect(marking)


def rules_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    marking = marking_of(request, consortium, pk)
    around.may_manage(request.user, marking).enforce()
    may_set_limit = around.may_set_limit(request.user, marking)
    form = RulesForm(request.POST or None, instance=marking, may_set_limit=may_set_limit)
    if request.method == "POST" and form.is_valid():
        office.set_rules(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(marking)
    return render(request, "marksheets/rules_form.html", _around(marking, form=form))


def marker_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    marking = marking_of(request, consortium, pk)
    around.may_organise(request.user, marking).enforce()
    form = MarkerForm(request.POST or None, marking=marking)
    if request.method == "POST" and form.is_valid():
        office.appoint(marking, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(marking)
    return render(request, "marksheets/marker_form.html", _around(marking, form=form))


@require_POST
def marker_withdraw(request: Request, consortium: Consortium, pk: int, marker: int) -> HttpResponse:
    marking = marking_of(request, consortium, pk)
    around.may_organise(request.user, marking).enforce()
    found = get_object_or_404(around.markers_of(marking), pk=marker)
    office.withdraw(found, by=request.user)
    return redirect(marking)


# --- sheets -----------------------------------------------------------------------------


def sheet_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    marking = marking_of(request, consortium, pk)
    policy.may_read_sheet(request.user, marking).enforce()
    rows = policy.visible_sheets(request.user).filter(marking=marking)
    rows = rows.order_by("attempt__candidate__number")
    listing = Listing(request, rows, SheetTable, SheetFilter, name="sheets")
    return listing.page("marksheets/sheet_index.html", _around(marking))


def marks_file(request: Request, consortium: Consortium, pk: int, kind: str) -> HttpResponse:
    """Everybody's points by item, as a spreadsheet."""
    marking = marking_of(request, consortium, pk)
    policy.may_read_sheet(request.user, marking).enforce()
    sheets = policy.visible_sheets(request.user).filter(marking=marking)
    sheets = sheets.order_by("attempt__candidate__number")
    table = marks_table(marking, sheets, around.answers_of(marking))
    response = exported(table, kind, "marks")
    if response is None:
        raise Http404
    return response


def sheet_detail(request: Request, consortium: Consortium, pk: int, sheet: int) -> HttpResponse:
    found = sheet_of(request, consortium, pk, sheet)
    marking = found.marking
    form = found.attempt.candidate.form
    assert form is not None  # they opened it
    asked, keys = asked_in(form), correcting.keys_of(form)
    context = {
        "object": found,
        "candidate": found.attempt.candidate,
        "lines": [
            _line(answer, asked[answer.question.item], keys[answer.question.item])
            for answer in policy.answers_on(found)
        ],
        "hundred": statistics.hundred_of(found),
        "may_correct": policy.may_correct(request.user, marking),
        "may_read_again": policy.may_read_again(request.user, found),
    }
    return render(request, "marksheets/sheet_detail.html", _around(marking, **context))


def _line(answer: Answer, asked: Asked, key: Any) -> dict[str, Any]:
    """An answer as the page of a sheet shows it; the key in force, not as the exam was set."""
    said = in_words(asked.content, answer.response)
    return {
        "answer": answer,
        "asked": asked,
        "said": said,
        "right": answer_of(asked.content, key),
    }


@require_POST
def sheet_read_again(request: Request, consortium: Consortium, pk: int, sheet: int) -> HttpResponse:
    found = sheet_of(request, consortium, pk, sheet)
    policy.may_read_again(request.user, found).enforce()
    reason = request.POST.get("reason", "").strip()[:500]
    if not reason:
        messages.error(request, _("Please give a reason."))
        return redirect(found)
    changed = correcting.read_again(found, why=reason, by=request.user)
    messages.success(request, _("%(n)s answers read differently now.") % {"n": changed})
    return redirect(found)


def answer_correct(
    request: Request, consortium: Consortium, pk: int, sheet: int, answer: int
) -> HttpResponse:
    found = sheet_of(request, consortium, pk, sheet)
    policy.may_correct(request.user, found.marking).enforce()
    one = get_object_or_404(policy.answers_on(found), pk=answer)
    form = CorrectionForm(request.POST or None, initial={"points": one.points})
    if request.method == "POST" and form.is_valid():
        try:
            correcting.correct(one, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Corrected, with a trace."))
            return redirect(found)
    asked = asked_in(one.question.form)[one.question.item]
    context = {"form": form, "sheet": found, "answer": one, "asked": asked}
    context |= {"said": in_words(asked.content, one.response)}
    context |= {"cancel": found.get_absolute_url()}
    return render(request, "marksheets/answer_form.html", _around(found.marking, **context))


# --- items ------------------------------------------------------------------------------


def question_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    marking = marking_of(request, consortium, pk)
    rows = policy.visible_questions(request.user).filter(marking=marking)
    listing = Listing(request, policy.with_figures(rows), QuestionTable, name="items", per_page=100)
    return listing.page("marksheets/question_index.html", _around(marking))


def question_detail(
    request: Request, consortium: Consortium, pk: int, question: int
) -> HttpResponse:
    found = question_of(request, consortium, pk, question)
    asked = asked_in(found.form)[found.item]
    context = {
        "question": found,
        "asked": asked,
        "right": correcting.right_answer(found),
        "use": policy.use_of(found),
        "rulings": policy.rulings_of(found),
        "may_correct": policy.may_correct(request.user, found.marking),
    }
    return render(request, "marksheets/question_detail.html", _around(found.marking, **context))


def question_rule(request: Request, consortium: Consortium, pk: int, question: int) -> HttpResponse:
    """First it is shown who gains and who loses; then it is done."""
    found = question_of(request, consortium, pk, question)
    policy.may_correct(request.user, found.marking).enforce()
    asked = asked_in(found.form)[found.item]
    form = RulingForm(request.POST or None, asked=asked, key=correcting.key_of(found))
    effect = None
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("key", "to_all")}
        if "apply" in request.POST:
            correcting.rule(found, why=form.cleaned_data["why"], by=request.user, **facts)
            messages.success(request, _("Scored anew, with a trace."))
            return redirect("marksheets:question_detail", consortium, pk, found.pk)
        effect = correcting.effect_of(found, **facts)
    context = {"form": form, "question": found, "asked": asked, "effect": effect}
    return render(request, "marksheets/ruling_form.html", _around(found.marking, **context))


# --- finding ----------------------------------------------------------------------------


def marking_of(request: Request, consortium: Consortium, pk: int) -> Marking:
    rows = around.visible_markings(request.user).filter(exam__consortium=consortium)
    return get_object_or_404(rows, exam=pk)


def sheet_of(request: Request, consortium: Consortium, pk: int, sheet: int) -> Sheet:
    marking = marking_of(request, consortium, pk)
    policy.may_read_sheet(request.user, marking).enforce()
    rows = policy.visible_sheets(request.user).filter(marking=marking)
    return get_object_or_404(rows, pk=sheet)


def question_of(request: Request, consortium: Consortium, pk: int, question: int) -> Question:
    marking = marking_of(request, consortium, pk)
    rows = policy.visible_questions(request.user).filter(marking=marking)
    return get_object_or_404(rows, pk=question)


def _around(marking: Marking, **context: Any) -> dict[str, Any]:
    exam = marking.exam
    about = {"marking": marking, "exam": exam, "consortium": exam.consortium}
    return about | {"cancel": marking.get_absolute_url()} | context
