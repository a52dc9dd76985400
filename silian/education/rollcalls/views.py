"""The lessons of a session with who was there, the list, the screen, and answering with a phone."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from silian.education.courses.models import Lesson, Session
from silian.education.courses.policy import (
    may_manage,
    may_teach,
    visible_lessons,
    visible_sessions,
)
from silian.education.rollcalls import policy, services
from silian.education.rollcalls.codes import code_of
from silian.education.rollcalls.forms import RollForm
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request


def roll_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    may_teach(request.user, session).enforce()
    here = Count("marks", filter=Q(marks__was="here"))
    noted = Count("marks")
    lessons = policy.lessons_of(request.user, session).annotate(here=here, noted=noted)
    context = {
        "session": session,
        "consortium": consortium,
        "manages": bool(may_manage(request.user, session.course)),
        "lessons": [
            (one, policy.may_call(request.user, one), policy.may_show(request.user, one))
            for one in lessons
        ],
        "people": policy.called_in(session).count(),
    }
    return render(request, "rollcalls/roll_index.html", context)


def roll_list(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    lesson = lesson_of(request, consortium, pk)
    policy.may_call(request.user, lesson).enforce()
    known = {mark.enrolment_id: mark for mark in lesson.marks.all()}
    form = RollForm(policy.called_in(lesson.session), known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.call_by_list(lesson, form.marks, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("rollcalls:roll_index", consortium, lesson.session_id)
    cancel = reverse("rollcalls:roll_index", args=[consortium, lesson.session_id])
    context = {"form": form, "lesson": lesson, "consortium": consortium, "cancel": cancel}
    return render(request, "rollcalls/roll_list.html", context)


@never_cache
def screen(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """For a projector: the code, new every half minute, and how many are here."""
    lesson = lesson_of(request, consortium, pk)
    policy.may_show(request.user, lesson).enforce()
    part = "rollcalls/code.html" if request.htmx else "rollcalls/screen.html"
    address = reverse("rollcalls:answer", args=[consortium, lesson.pk, code_of(lesson)])
    context = {
        "lesson": lesson,
        "session": lesson.session,
        "consortium": consortium,
        "address": settings.SITE_URL + address,
        "here": lesson.marks.filter(was="here").count(),
        "people": policy.called_in(lesson.session).count(),
    }
    return render(request, part, context)


@never_cache
def answer(request: Request, consortium: Consortium, pk: int, code: str) -> HttpResponse:
    """Where the scanned code leads: one press says that I am here."""
    lesson = lesson_of(request, consortium, pk)
    may = policy.may_answer(request.user, lesson)
    if request.method == "POST":
        may.enforce()
        try:
            services.answer(lesson, code, by=request.user)
        except ValidationError as wrong:
            messages.error(request, " ".join(wrong.messages))
        return redirect("rollcalls:answer", consortium, pk, code)
    context = {"lesson": lesson, "consortium": consortium, "may_answer": may, "code": code}
    return render(request, "rollcalls/answer.html", context)


def session_of(request: Request, consortium: Consortium, pk: int) -> Session:
    rows = visible_sessions(request.user)
    return get_object_or_404(rows, pk=pk, course__consortium=consortium)


def lesson_of(request: Request, consortium: Consortium, pk: int) -> Lesson:
    rows = visible_lessons(request.user)
    return get_object_or_404(rows, pk=pk, session__course__consortium=consortium)
