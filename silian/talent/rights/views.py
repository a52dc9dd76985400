"""My data and my rights; the school's list of what students ask to have corrected."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.persons.services import person_of
from silian.kernel.ui.listing import Listing
from silian.talent.consents.services import note_view, note_views
from silian.talent.profiles.policy import visible_schools
from silian.talent.records.holdings import held_of
from silian.talent.rights import export as exports
from silian.talent.rights import policy, services
from silian.talent.rights.forms import AnswerForm, CorrectionForm, SureForm
from silian.talent.rights.models import Correction, Deletion
from silian.talent.rights.tables import CorrectionFilter, CorrectionTable

MADE = {"json": (exports.json_of, "application/json"), "pdf": (exports.pages_of, "application/pdf")}


@require_GET
def own_data(request: Request) -> HttpResponse:
    """All that the platform holds on me, and what I may ask for."""
    me = person_of(request.user)
    mine = policy.visible_corrections(request.user).filter(student__user=request.user)
    context = {
        "me": me,
        "held": held_of(me),
        "enrolments": policy.own_enrolments(request.user),
        "corrections": [(one, policy.may_take_back(request.user, one)) for one in mine],
        "waiting": _waiting(request),
    }
    return render(request, "rights/own_data.html", context)


@never_cache
@require_GET
def export(request: Request, ending: str) -> HttpResponse:
    if ending not in MADE:
        raise Http404
    make, media_type = MADE[ending]
    response = HttpResponse(make(person_of(request.user)), content_type=media_type)
    name = _("my data.%(ending)s") % {"ending": ending}
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def correction_new(request: Request, student: int) -> HttpResponse:
    """Tell the school what is wrong in what it keeps."""
    found = get_object_or_404(policy.own_enrolments(request.user), pk=student)
    form = CorrectionForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        services.ask_correction(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your school is asked."))
        return redirect("rights:own_data")
    context = {"form": form, "student": found, "cancel": reverse("records:own_record")}
    return render(request, "rights/correction_new.html", context)


@require_POST
def correction_take_back(request: Request, pk: int) -> HttpResponse:
    mine = policy.visible_corrections(request.user).filter(student__user=request.user)
    found = get_object_or_404(mine, pk=pk)
    policy.may_take_back(request.user, found).enforce()
    services.take_back_correction(found, by=request.user)
    return redirect("rights:own_data")


def deletion(request: Request) -> HttpResponse:
    """What goes and what stays if I am forgotten; and the request itself."""
    me = person_of(request.user)
    may_ask = policy.may_ask_deletion(request.user)
    form = SureForm(request.POST or None)
    if request.method == "POST":
        may_ask.enforce()
        if form.is_valid():
            services.ask_deletion(me, by=request.user)
            messages.success(request, _("Your request is noted. Until its day you can stop it."))
            return redirect("rights:deletion")
    held = held_of(me)
    context = {
        "form": form,
        "goes": [one for one in held if one.goes],
        "stays": [one for one in held if one.stays],
        "may_ask": may_ask,
        "waiting": _waiting(request),
        "days": settings.DELETION_DAYS,
    }
    return render(request, "rights/deletion.html", context)


@require_POST
def deletion_stop(request: Request) -> HttpResponse:
    waiting = _waiting(request)
    if waiting is None:
        raise Http404
    policy.may_stop(request.user, waiting).enforce()
    services.stop_deletion(waiting, by=request.user)
    messages.success(request, _("Stopped. Nothing is deleted."))
    return redirect("rights:own_data")


def _waiting(request: Request) -> Deletion | None:
    rows = policy.visible_deletions(request.user).select_related("person")
    return rows.filter(state=Deletion.State.WAITING).first()


# --- the school ---------------------------------------------------------------------------


@require_GET
def correction_index(request: Request, school_id: int) -> HttpResponse:
    school = get_object_or_404(visible_schools(request.user), pk=school_id)
    rows = policy.visible_corrections(request.user).filter(student__school=school)
    listing = Listing(request, rows, CorrectionTable, CorrectionFilter, name="corrections")
    people = [one.student.person_id for one in listing.shown]
    what = gettext_noop("List of requests for correction")
    note_views(people, what, by=request.user, organisation=school)
    return listing.page("rights/correction_index.html", {"school": school})


def correction_detail(request: Request, school_id: int, pk: int) -> HttpResponse:
    """One request with the student's row beside it, to be corrected and answered."""
    found = _correction(request, school_id, pk)
    may_answer = policy.may_answer(request.user, found)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        may_answer.enforce()
        if form.is_valid():
            done = form.cleaned_data["verdict"] == "done"
            answer = form.cleaned_data["answer"]
            services.answer_correction(found, done=done, answer=answer, by=request.user)
            messages.success(request, _("Answered; the student is told."))
            return redirect("rights:correction_index", school_id)
    what = gettext_noop("Request for correction")
    person, school = found.student.person, found.student.school
    note_view(person, what, by=request.user, organisation=school)
    context = {"object": found, "form": form, "may_answer": may_answer, "school": school}
    return render(request, "rights/correction_detail.html", context)


@require_GET
def correction_file(request: Request, school_id: int, pk: int) -> HttpResponseBase:
    found = _correction(request, school_id, pk)
    if found.evidence is None:
        raise Http404
    return respond(found.evidence, inline=True)


def _correction(request: Request, school_id: int, pk: int) -> Correction:
    school = get_object_or_404(visible_schools(request.user), pk=school_id)
    rows = policy.visible_corrections(request.user).filter(student__school=school)
    return get_object_or_404(rows, pk=pk)
