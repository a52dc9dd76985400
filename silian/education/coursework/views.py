"""Materials and homework of a session, for its learners and for its teachers."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.courses.models import Session
from silian.education.courses.policy import may_manage, may_teach, visible_sessions
from silian.education.coursework import policy, services
from silian.education.coursework.forms import HandInForm, MarkForm, MaterialForm, TaskForm
from silian.education.coursework.models import Material, Submission, Task
from silian.governance.consortia.models import Consortium
from silian.kernel.files.services import respond
from silian.kernel.http import Request


def work_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """What there is to read, and what is to be done until when."""
    session = _session(request, consortium, pk)
    own = policy.own_submissions(request.user, session)
    tasks = policy.visible_tasks(request.user).filter(session=session)
    context = _around(request, session) | {
        "part": "work",
        "materials": policy.visible_materials(request.user).filter(session=session),
        "tasks": [(task, own.get(task.pk)) for task in tasks],
        "place": policy.own_place(request.user, session),
        "may_provide": policy.may_provide(request.user, session),
    }
    return render(request, "coursework/work_index.html", context)


def material_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = _session(request, consortium, pk)
    policy.may_provide(request.user, session).enforce()
    instance = Material(session=session)
    form = MaterialForm(request.POST or None, request.FILES or None, instance=instance)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        services.add_material(form.save(commit=False), upload=upload, by=request.user)
        return redirect("coursework:work_index", consortium, pk)
    context = _form_context(session, form)
    return render(request, "coursework/material_form.html", context)


def material_file(request: Request, consortium: Consortium, pk: int, material: int) -> FileResponse:
    _session(request, consortium, pk)
    rows = policy.visible_materials(request.user).filter(session=pk, file__isnull=False)
    found = get_object_or_404(rows, pk=material)
    assert found.file is not None  # it was filtered by it
    return respond(found.file, inline=True)


@require_POST
def material_remove(
    request: Request, consortium: Consortium, pk: int, material: int
) -> HttpResponse:
    session = _session(request, consortium, pk)
    policy.may_provide(request.user, session).enforce()
    rows = policy.visible_materials(request.user).filter(session=session)
    services.remove_material(get_object_or_404(rows, pk=material), by=request.user)
    return redirect("coursework:work_index", consortium, pk)


def task_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = _session(request, consortium, pk)
    return _task_form(request, Task(session=session))


def task_edit(request: Request, consortium: Consortium, pk: int, task: int) -> HttpResponse:
    return _task_form(request, _task(request, consortium, pk, task))


def _task_form(request: Request, task: Task) -> HttpResponse:
    policy.may_provide(request.user, task.session).enforce()
    form = TaskForm(request.POST or None, instance=task)
    if form.is_valid():
        return redirect(services.save_task(form.save(commit=False), by=request.user))
    context = _form_context(task.session, form) | {"task": task}
    return render(request, "coursework/task_form.html", context)


@require_POST
def task_remove(request: Request, consortium: Consortium, pk: int, task: int) -> HttpResponse:
    found = _task(request, consortium, pk, task)
    policy.may_remove_task(request.user, found).enforce()
    services.remove_task(found, by=request.user)
    return redirect("coursework:work_index", consortium, pk)


def task_detail(request: Request, consortium: Consortium, pk: int, task: int) -> HttpResponse:
    """A learner reads what is to be done and hands it in; teachers see who has."""
    found = _task(request, consortium, pk, task)
    own = policy.own_submissions(request.user, found.session).get(found.pk)
    may_hand_in = policy.may_hand_in(request.user, found)
    form = HandInForm(request.POST or None, request.FILES or None, instance=own)
    place = policy.own_place(request.user, found.session)
    if request.method == "POST":
        may_hand_in.enforce()
        if form.is_valid() and place:
            facts = {"text": form.cleaned_data["text"], "uploads": form.cleaned_data["uploads"]}
            services.hand_in(found, place, by=request.user, **facts)
            messages.success(request, _("Handed in."))
            return redirect(f"{found.get_absolute_url()}?kept=homework-{found.pk}")
    context = _around(request, found.session)
    rows = policy.handed_in(found) if context["inside"] else []
    context |= {
        "object": found,
        "own": own,
        "place": place,
        "form": form,
        "rows": rows,
        "may_hand_in": may_hand_in,
        "may_provide": policy.may_provide(request.user, found.session),
        "may_remove": policy.may_remove_task(request.user, found),
    }
    return render(request, "coursework/task_detail.html", context)


def submission_detail(
    request: Request, consortium: Consortium, pk: int, submission: int
) -> HttpResponse:
    """To be read and marked."""
    found = _submission(request, consortium, pk, submission)
    may_mark = policy.may_mark(request.user, found)
    form = MarkForm(request.POST or None, instance=found)
    if request.method == "POST":
        may_mark.enforce()
        if form.is_valid():
            services.mark(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Marked; the learner is told."))
            return redirect(found.task)
        found.refresh_from_db()
    context = _around(request, found.task.session) | {
        "object": found,
        "form": form,
        "may_mark": may_mark,
        "may_give_back": policy.may_give_back(request.user, found),
    }
    return render(request, "coursework/submission_detail.html", context)


@require_POST
def submission_give_back(
    request: Request, consortium: Consortium, pk: int, submission: int
) -> HttpResponse:
    found = _submission(request, consortium, pk, submission)
    policy.may_give_back(request.user, found).enforce()
    remark = request.POST.get("reason", "").strip()[:1000]
    if not remark:
        messages.error(request, _("Please give a reason."))
        return redirect(found)
    services.give_back(found, remark=remark, by=request.user)
    return redirect(found.task)


def attachment_file(
    request: Request, consortium: Consortium, pk: int, submission: int, attachment: int
) -> FileResponse:
    found = _submission(request, consortium, pk, submission)
    return respond(get_object_or_404(found.attachments, pk=attachment).file, inline=True)


# --- finding ---------------------------------------------------------------------------------
def _session(request: Request, consortium: Consortium, pk: int) -> Session:
    rows = visible_sessions(request.user)
    session = get_object_or_404(rows, pk=pk, course__consortium=consortium)
    policy.may_open(request.user, session).enforce()
    return session


def _task(request: Request, consortium: Consortium, pk: int, task: int) -> Task:
    session = _session(request, consortium, pk)
    found = get_object_or_404(policy.visible_tasks(request.user), pk=task, session=session)
    found.session = session
    return found


def _submission(request: Request, consortium: Consortium, pk: int, submission: int) -> Submission:
    rows = policy.visible_submissions(request.user)
    of_session = rows.filter(task__session=pk, task__session__course__consortium=consortium)
    return get_object_or_404(of_session, pk=submission)


def _around(request: Request, session: Session) -> dict[str, Any]:
    return {
        "session": session,
        "consortium": session.course.consortium,
        "inside": bool(may_teach(request.user, session)),
        "manages": bool(may_manage(request.user, session.course)),
    }


def _form_context(session: Session, form: Any) -> dict[str, Any]:
    consortium = session.course.consortium
    cancel = reverse("coursework:work_index", args=[consortium, session.pk])
    return {"form": form, "session": session, "consortium": consortium, "cancel": cancel}
