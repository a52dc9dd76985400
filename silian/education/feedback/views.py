"""The satisfaction form and its results."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from silian.education.courses.models import Session
from silian.education.courses.policy import may_manage, may_teach, visible_sessions
from silian.education.feedback import policy, services
from silian.education.feedback.forms import AnswerForm
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request


def fill(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_fill(request.user, session).enforce()
    mine = policy.own_place(request.user, session)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and mine:
        services.fill(mine, form.save(commit=False))
        messages.success(request, _("Thank you. Nobody sees who gave which answer."))
        return redirect("enrolments:my_training")
    context = {"form": form, "session": session, "consortium": consortium}
    cancel = session.get_absolute_url()
    return render(request, "feedback/fill.html", {**context, "cancel": cancel})


def results(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_read(request.user, session).enforce()
    context = {
        "session": session,
        "consortium": consortium,
        "inside": bool(may_teach(request.user, session)),
        "manages": bool(may_manage(request.user, session.course)),
        "results": policy.results_of(session),
        "least": policy.LEAST,
    }
    return render(request, "feedback/results.html", context)


def session_of(request: Request, consortium: Consortium, pk: int) -> Session:
    rows = visible_sessions(request.user)
    return get_object_or_404(rows, pk=pk, course__consortium=consortium)
