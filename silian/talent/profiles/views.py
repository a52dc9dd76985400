"""The students of a school for its office, and one's own record."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST

from silian.governance.members.models import Organisation
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict
from silian.talent.profiles import policy, services
from silian.talent.profiles.forms import StudentForm
from silian.talent.profiles.models import Doubt, Student
from silian.talent.profiles.sightings import seen
from silian.talent.profiles.tables import StudentFilter, StudentTable


def student_index(request: Request, school_id: int) -> HttpResponse:
    school = _school(request, school_id)
    rows = policy.visible_students(request.user).filter(school=school)
    uninvited = rows.filter(user=None, invitation=None, state=Student.State.ENROLLED)
    context = {"school": school, "uninvited": uninvited.exclude(email="").count()}
    listing = Listing(request, rows, StudentTable, StudentFilter, name="students")
    people = [student.person_id for student in listing.shown]
    what = (
        gettext_noop("Export of the list of students")
        if listing.is_export
        else gettext_noop("List of students")
    )
    seen(people, what, by=request.user, organisation=school, as_file=listing.is_export)
    return listing.page("profiles/student_index.html", context)


def student_new(request: Request, school_id: int) -> HttpResponse:
    return _form_page(request, Student(school=_school(request, school_id)))


def student_edit(request: Request, school_id: int, pk: int) -> HttpResponse:
    return _form_page(request, _student(request, school_id, pk))


def student_detail(request: Request, school_id: int, pk: int) -> HttpResponse:
    student = _student(request, school_id, pk)
    what = gettext_noop("Page of the student")
    seen([student.person_id], what, by=request.user, organisation=student.school)
    context = {
        "object": student,
        "may_keep": policy.may_keep(request.user, student.school),
        "may_invite": policy.may_invite(request.user, student),
        "may_end": policy.may_end(request.user, student),
    }
    return render(request, "profiles/student_detail.html", context)


@require_POST
def student_invite(request: Request, school_id: int, pk: int) -> HttpResponse:
    student = _student(request, school_id, pk)
    policy.may_invite(request.user, student).enforce()
    services.invite_student(student, by=request.user)
    messages.success(request, _("The invitation is made."))
    return redirect("profiles:student_detail", school_id, pk)


@require_POST
def students_invite(request: Request, school_id: int) -> HttpResponse:
    """Invite everybody who has an e-mail address and was not invited."""
    school = _school(request, school_id)
    rows = policy.visible_students(request.user).filter(
        school=school, user=None, invitation=None, state=Student.State.ENROLLED
    )
    count = services.invite_students(rows.exclude(email=""), by=request.user)
    told = ngettext("%(count)s student invited.", "%(count)s students invited.", count)
    messages.success(request, told % {"count": count})
    return redirect("profiles:student_index", school_id)


@require_POST
def student_graduate(request: Request, school_id: int, pk: int) -> HttpResponse:
    student = _student(request, school_id, pk)
    policy.may_end(request.user, student).enforce()
    services.mark_graduated(student, by=request.user)
    return redirect("profiles:student_detail", school_id, pk)


@require_POST
def student_leave(request: Request, school_id: int, pk: int) -> HttpResponse:
    student = _student(request, school_id, pk)
    policy.may_end(request.user, student).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        services.mark_left(student, reason=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect("profiles:student_detail", school_id, pk)


def _school(request: Request, pk: int) -> Organisation:
    return get_object_or_404(policy.visible_schools(request.user), pk=pk)


def _student(request: Request, school_id: int, pk: int) -> Student:
    rows = policy.visible_students(request.user).filter(school=_school(request, school_id))
    return get_object_or_404(rows, pk=pk)


def _form_page(request: Request, student: Student) -> HttpResponse:
    policy.may_keep(request.user, student.school).enforce()
    form = StudentForm(request.POST or None, instance=student)
    if request.method == "POST" and form.is_valid():
        saved = services.save_student(
            form.save(commit=False),
            by=request.user,
            id_number=form.cleaned_data["id_number"],
            guardian=form.guardian,
        )
        return redirect("profiles:student_detail", saved.school_id, saved.pk)
    cancel = reverse("profiles:student_index", args=[student.school_id])
    context = {"form": form, "student": student, "cancel": cancel}
    return render(request, "profiles/student_form.html", context)


# --- persons to be compared ---------------------------------------------------------------


def doubt_index(request: Request) -> HttpResponse:
    policy.may_compare(request.user).enforce()
    rows = policy.visible_doubts(request.user)
    waiting = [
        (
            doubt,
            policy.may_bring_together(request.user, doubt),
            policy.may_decide(request.user, doubt),
        )
        for doubt in rows.filter(state=Doubt.State.OPEN)
    ]
    decided = rows.exclude(state=Doubt.State.OPEN).order_by("-pk")
    return render(request, "profiles/doubt_index.html", {"waiting": waiting, "decided": decided})


@require_POST
def doubt_together(request: Request, pk: int) -> HttpResponse:
    return _decide(request, pk, policy.may_bring_together, services.bring_together)


@require_POST
def doubt_apart(request: Request, pk: int) -> HttpResponse:
    return _decide(request, pk, policy.may_decide, services.keep_apart)


def _decide(
    request: Request,
    pk: int,
    may: Callable[..., Verdict],
    verb: Callable[..., None],
) -> HttpResponse:
    doubt = get_object_or_404(policy.visible_doubts(request.user), pk=pk)
    may(request.user, doubt).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        verb(doubt, reason=reason, by=request.user)
        messages.success(request, _("Decided."))
    else:
        messages.error(request, _("Please give a reason."))
    return redirect("profiles:doubt_index")
