"""The marker's pages: answers one after the other, without a name."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.education.answering.pictures import pictured
from silian.education.marking import blind, turns
from silian.education.marking.asked import asked_in, in_words
from silian.education.marking.forms import MarkForm
from silian.education.marking.models import Mark, Marker, Question
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request


def mine(request: Request) -> HttpResponse:
    """The exams that one marks."""
    return render(request, "marking/mine.html", {"markers": blind.own_markers(request.user)})


def desk(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """What waits, item by item."""
    marker = marker_of(request, consortium, pk)
    context = _around(marker, questions=blind.questions_of(marker))
    return render(request, "marking/desk.html", context)


@never_cache
def mark_next(request: Request, consortium: Consortium, pk: int, question: int) -> HttpResponse:
    """The next answer; with the points it goes on by itself."""
    marker = marker_of(request, consortium, pk)
    blind.may_mark(marker).enforce()
    found = get_object_or_404(blind.questions_of(marker), pk=question)
    mark = turns.take(marker, found)
    if mark is None:
        messages.info(request, _("No answer to this item waits for you now."))
        return redirect("marking:desk", consortium, pk)
    if request.method == "POST" and request.POST.get("mark") != str(mark.pk):
        messages.info(request, _("This answer was given to somebody else meanwhile."))
        return redirect("marking:mark_next", consortium, pk, question)
    form = MarkForm(request.POST or None, instance=mark)
    if request.method == "POST" and form.is_valid() and _given(form, request):
        return redirect("marking:mark_next", consortium, pk, question)
    return render(request, "marking/mark_form.html", _answer(marker, found, mark, form))


def mark_change(request: Request, consortium: Consortium, pk: int, mark: int) -> HttpResponse:
    """Think better of it, until the item is finished."""
    marker = marker_of(request, consortium, pk)
    found = get_object_or_404(blind.own_marks(request.user), pk=mark, marker=marker)
    blind.may_change(found).enforce()
    form = MarkForm(request.POST or None, instance=found)
    question = found.answer.question
    if request.method == "POST" and form.is_valid() and _given(form, request):
        messages.success(request, _("Saved."))
        return redirect("marking:given", consortium, pk, question.pk)
    return render(request, "marking/mark_form.html", _answer(marker, question, found, form))


@require_POST
def mark_back(request: Request, consortium: Consortium, pk: int, mark: int) -> HttpResponse:
    """Leave an answer to others."""
    marker = marker_of(request, consortium, pk)
    found = get_object_or_404(blind.own_marks(request.user), pk=mark, marker=marker)
    turns.put_back(found)
    return redirect("marking:desk", consortium, pk)


def given(request: Request, consortium: Consortium, pk: int, question: int) -> HttpResponse:
    """What one has marked of an item, the last first."""
    marker = marker_of(request, consortium, pk)
    found = get_object_or_404(blind.questions_of(marker), pk=question)
    own = blind.own_marks(request.user).filter(marker=marker, answer__question=found)
    marks = list(own.exclude(points=None))
    open_ones = blind.changeable(marks)
    rows = [
        (mark, "\n".join(in_words({}, mark.answer.response)), mark.pk in open_ones)
        for mark in marks
    ]
    context = _around(marker, question=found, rows=rows, asked=asked_in(found.form)[found.item])
    return render(request, "marking/given.html", context)


def marker_of(request: Request, consortium: Consortium, pk: int) -> Marker:
    rows = blind.own_markers(request.user).filter(marking__exam__consortium=consortium)
    return get_object_or_404(rows, marking__exam=pk)


def _given(form: MarkForm, request: Request) -> bool:
    """Give the points that stand in a valid form; False where the rules refuse them."""
    try:
        turns.give(form.instance, by=request.user, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


def _answer(marker: Marker, question: Question, mark: Mark, form: MarkForm) -> dict[str, Any]:
    asked = asked_in(question.form)[question.item]
    return _around(
        marker,
        question=question,
        asked=asked,
        content=pictured(asked.content),
        said=in_words(asked.content, mark.answer.response),
        mark=mark,
        aid=blind.aid_for(question),
        form=form,
    )


def _around(marker: Marker, **context: Any) -> dict[str, Any]:
    exam = marker.marking.exam
    return {"marker": marker, "exam": exam, "consortium": exam.consortium} | context
