"""The catalogue, a course, what one offers, planning sessions, and the calendar of a body."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.courses import policy, services
from silian.education.courses.forms import CourseForm, LessonFormSet, SessionForm
from silian.education.courses.models import Course, Session
from silian.education.courses.receivers import event_of
from silian.education.courses.schema import course_facts
from silian.education.courses.tables import (
    CatalogueFilter,
    CatalogueTable,
    DeskFilter,
    DeskTable,
    SessionFilter,
    SessionTable,
)
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import is_secretary
from silian.kernel.calendars.events import entries, respond
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict


@login_not_required
def catalogue(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """What is offered now, open to everybody."""
    rows = policy.catalogue(consortium)
    if not request.GET.get("sort"):
        rows = rows.order_by(*CatalogueTable.SOONEST)
    listing = Listing(request, rows, CatalogueTable, CatalogueFilter, name="courses")
    context = {
        "consortium": consortium,
        "may_create": policy.may_create(request.user, consortium),
    }
    return listing.page("courses/catalogue.html", context)


@login_not_required
def session_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """Every session, past and coming, with the calendar above."""
    rows = policy.visible_sessions(request.user).filter(course__consortium=consortium)
    rows = rows.order_by("-starts_on", "-pk")
    listing = Listing(request, rows, SessionTable, SessionFilter, name="sessions")
    return listing.page("courses/session_index.html", {"consortium": consortium})


@login_not_required
def calendar_events(request: PublicRequest, consortium: Consortium) -> JsonResponse:
    return JsonResponse(entries(map(event_of, _public_lessons(request, consortium))), safe=False)


@login_not_required
def calendar_feed(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """What a calendar program reads: the lessons of all open and running sessions."""
    events = map(event_of, _public_lessons(request, consortium))
    return respond(events, file=f"{consortium.slug}-courses", name=consortium.short_name)


@login_not_required
def session_feed(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    lessons = policy.visible_lessons(request.user).filter(session=session)
    return respond(map(event_of, lessons), file=f"session-{pk}", name=session.title)


def desk(request: Request, consortium: Consortium) -> HttpResponse:
    """What one offers, in every state."""
    policy.may_create(request.user, consortium).enforce()
    rows = policy.own_courses(request.user, consortium).annotate(held=Count("sessions"))
    listing = Listing(request, rows, DeskTable, DeskFilter, name="our-courses")
    return listing.page("courses/desk.html", {"consortium": consortium})


@login_not_required
def course_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    course = course_of(request, consortium, pk)
    sessions = policy.visible_sessions(request.user).filter(course=course).order_by("-starts_on")
    coming = [one for one in sessions if one.state == Session.State.OPEN]
    public = course.state == Course.State.PUBLISHED
    context = {
        "object": course,
        "consortium": consortium,
        "sessions": sessions,
        "facts": course_facts(course, coming) if public else None,
        "inside": bool(policy.may_manage(request.user, course)),
        **{
            f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, course)
            for verb in "edit publish withdraw plan".split()
        },
    }
    return render(request, "courses/course_detail.html", context)


def course_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_create(request.user, consortium).enforce()
    return _course_page(request, consortium, Course(consortium=consortium))


def course_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    course = course_of(request, consortium, pk)
    policy.may_edit(request.user, course).enforce()
    return _course_page(request, consortium, course)


VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "publish": (policy.may_publish, services.publish_course),
    "withdraw": (policy.may_withdraw, services.withdraw_course),
}


@require_POST
def course_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    course = course_of(request, consortium, pk)
    if verb not in VERBS:
        raise Http404
    may, service = VERBS[verb]
    may(request.user, course).enforce()
    service(course, by=request.user)
    return redirect(course)


def session_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    course = course_of(request, consortium, pk)
    policy.may_plan(request.user, course).enforce()
    return _session_page(request, consortium, services.blank_session(course))


def session_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_edit_session(request.user, session).enforce()
    return _session_page(request, consortium, session)


@require_POST
def session_open(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_open(request.user, session).enforce()
    services.open_session(session, by=request.user)
    messages.success(request, _("The session stands in the catalogue."))
    return redirect(session)


def course_of(request: PublicRequest, consortium: Consortium, pk: int) -> Course:
    return get_object_or_404(policy.visible_courses(request.user), pk=pk, consortium=consortium)


def session_of(request: PublicRequest, consortium: Consortium, pk: int) -> Session:
    rows = policy.visible_sessions(request.user)
    return get_object_or_404(rows, pk=pk, course__consortium=consortium)


def _public_lessons(request: PublicRequest, consortium: Consortium) -> Any:
    rows = policy.visible_lessons(request.user).filter(session__course__consortium=consortium)
    return rows.filter(session__state__in=[Session.State.OPEN, Session.State.RUNNING])


def _course_page(request: Request, consortium: Consortium, course: Course) -> HttpResponse:
    organisers = policy.visible_organisers(request.user, consortium)
    form = CourseForm(
        organisers,
        request.POST or None,
        instance=course,
        of_the_body=is_secretary(request.user, consortium),
    )
    if request.method == "POST" and form.is_valid():
        saved = services.save_course(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    home = reverse("courses:desk", args=[consortium])
    cancel = course.get_absolute_url() if course.pk else home
    context = {"form": form, "consortium": consortium, "cancel": cancel}
    return render(request, "courses/course_form.html", context)


def _session_page(request: Request, consortium: Consortium, session: Session) -> HttpResponse:
    """The session and, below it, its lessons."""
    data = request.POST or None
    form = SessionForm(data, instance=session)
    lessons = LessonFormSet(data, instance=session, prefix="lessons")
    if request.method == "POST" and all([form.is_valid(), lessons.is_valid()]):
        try:
            saved = services.save_session(
                form.save(commit=False),
                lessons=lessons.rows,  # type: ignore[attr-defined]
                teachers=form.cleaned_data["teachers"],
                by=request.user,
            )
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Saved."))
            return redirect(saved)
    cancel = (session if session.pk else session.course).get_absolute_url()
    context = {"form": form, "lessons": lessons, "consortium": consortium, "cancel": cancel}
    return render(request, "courses/session_form.html", context)
