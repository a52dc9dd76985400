"""The exams of a consortium: preparing one, its rooms, candidates and tickets."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.sittings import policy, services, tickets
from silian.education.sittings.forms import ExamForm, PaperForm, RoomForm
from silian.education.sittings.models import Exam, Room
from silian.education.sittings.tables import (
    CandidateFilter,
    CandidateTable,
    ExamFilter,
    ExamTable,
)
from silian.governance.consortia.models import Consortium
from silian.kernel.documents.services import download
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

# --- exams ------------------------------------------------------------------------------


def exam_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_exams(request.user).filter(consortium=consortium)
    rows = rows.annotate(entered=Count("candidates", distinct=True))
    listing = Listing(request, rows, ExamTable, ExamFilter, name="exams")
    context = {"consortium": consortium, "may_hold": policy.may_hold(request.user, consortium)}
    return listing.page("sittings/exam_index.html", context)


def exam_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """How far the preparation is, and what comes next."""
    exam = exam_of(request, consortium, pk)
    verbs = "manage prepare announce cancel".split()
    rooms = policy.visible_rooms(request.user).filter(exam=exam)
    entered = exam.candidates.count()
    context = {
        "object": exam,
        "consortium": consortium,
        "rooms": rooms.annotate(
            taken=Count("candidates", distinct=True),
        ).prefetch_related("invigilators"),
        "forms": exam.forms.all(),
        "entered": entered,
        "seated": exam.candidates.exclude(room=None).count(),
        **{f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, exam) for verb in verbs},
    }
    return render(request, "sittings/exam_detail.html", context)


def exam_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_hold(request.user, consortium).enforce()
    return _exam_page(request, consortium, Exam(consortium=consortium))


def exam_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    exam = exam_of(request, consortium, pk)
    policy.may_prepare(request.user, exam).enforce()
    return _exam_page(request, consortium, exam)


def _exam_page(request: Request, consortium: Consortium, exam: Exam) -> HttpResponse:
    form = ExamForm(request.POST or None, instance=exam, by=request.user)
    if request.method == "POST" and form.is_valid():
        saved = services.save_exam(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    index = reverse("sittings:exam_index", args=[consortium])
    cancel = exam.get_absolute_url() if exam.pk else index
    return render(
        request,
        "sittings/exam_form.html",
        {"form": form, "consortium": consortium, "cancel": cancel},
    )


VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "announce": (policy.may_announce, services.announce_exam),
    "cancel": (policy.may_cancel, services.cancel_exam),
}


@require_POST
def exam_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    exam = exam_of(request, consortium, pk)
    may, service = VERBS.get(verb, (None, None))
    if may is None or service is None:
        raise Http404
    may(request.user, exam).enforce()
    words = {}
    if verb == "cancel":
        reason = request.POST.get("reason", "").strip()[:300]
        if not reason:
            messages.error(request, _("Please give a reason."))
            return redirect(exam)
        words = {"reason": reason}
    service(exam, by=request.user, **words)
    return redirect(exam)


def paper_take(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Choose the paper; its forms are copied."""
    exam = exam_of(request, consortium, pk)
    policy.may_prepare(request.user, exam).enforce()
    form = PaperForm(request.POST or None, exam=exam, initial={"paper": exam.paper_id})
    if request.method == "POST" and form.is_valid():
        services.take_paper(exam, form.cleaned_data["paper"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect(exam)
    context = {
        "form": form,
        "exam": exam,
        "consortium": consortium,
        "cancel": exam.get_absolute_url(),
    }
    return render(request, "sittings/paper_form.html", context)


# --- rooms ------------------------------------------------------------------------------


def room_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    exam = exam_of(request, consortium, pk)
    policy.may_prepare(request.user, exam).enforce()
    return _room_page(request, Room(exam=exam))


def room_edit(request: Request, consortium: Consortium, pk: int, room: int) -> HttpResponse:
    found = room_of(request, consortium, pk, room)
    policy.may_prepare(request.user, found.exam).enforce()
    return _room_page(request, found)


def _room_page(request: Request, room: Room) -> HttpResponse:
    form = RoomForm(request.POST or None, instance=room)
    if request.method == "POST" and form.is_valid():
        people = form.cleaned_data["invigilators"]
        services.save_room(form.save(commit=False), invigilators=people, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(room.exam)
    context = {
        "form": form,
        "exam": room.exam,
        "consortium": room.exam.consortium,
        "cancel": room.exam.get_absolute_url(),
    }
    return render(request, "sittings/room_form.html", context)


@require_POST
def room_remove(request: Request, consortium: Consortium, pk: int, room: int) -> HttpResponse:
    found = room_of(request, consortium, pk, room)
    policy.may_prepare(request.user, found.exam).enforce()
    services.remove_room(found, by=request.user)
    return redirect(found.exam)


# --- candidates -------------------------------------------------------------------------


def candidate_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    exam = exam_of(request, consortium, pk)
    policy.may_manage(request.user, exam).enforce()
    rows = policy.visible_candidates(request.user).filter(exam=exam)
    listing = Listing(request, rows, CandidateTable, CandidateFilter, name="candidates")
    context = {
        "consortium": consortium,
        "exam": exam,
        "may_prepare": policy.may_prepare(request.user, exam),
    }
    return listing.page("sittings/candidate_index.html", context)


def candidate_detail(
    request: Request, consortium: Consortium, pk: int, candidate: int
) -> HttpResponse:
    exam = exam_of(request, consortium, pk)
    rows = policy.visible_candidates(request.user).filter(exam=exam)
    context = {
        "object": get_object_or_404(rows, pk=candidate),
        "consortium": consortium,
        "exam": exam,
        "may_prepare": policy.may_prepare(request.user, exam),
        "may_manage": policy.may_manage(request.user, exam),
    }
    return render(request, "sittings/candidate_detail.html", context)


@require_POST
def candidate_remove(
    request: Request, consortium: Consortium, pk: int, candidate: int
) -> HttpResponse:
    exam = exam_of(request, consortium, pk)
    policy.may_prepare(request.user, exam).enforce()
    rows = policy.visible_candidates(request.user).filter(exam=exam)
    services.remove_candidate(get_object_or_404(rows, pk=candidate), by=request.user)
    return redirect("sittings:candidate_index", consortium, pk)


@require_POST
def seats_draw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    exam = exam_of(request, consortium, pk)
    policy.may_prepare(request.user, exam).enforce()
    try:
        seated = services.seat_candidates(exam, by=request.user, seed=secrets.randbelow(10**6))
    except ValidationError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("%(count)s candidates have a seat.") % {"count": seated})
    return redirect(exam)


# --- tickets ----------------------------------------------------------------------------


def ticket_sheet(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """All tickets, to be printed and cut."""
    exam = exam_of(request, consortium, pk)
    policy.may_manage(request.user, exam).enforce()
    rows = policy.visible_candidates(request.user).filter(exam=exam).order_by("room", "seat")
    context = {
        "consortium": consortium,
        "exam": exam,
        "tickets": [(row, tickets.address_of(row)) for row in rows],
    }
    return render(request, "sittings/ticket_sheet.html", context)


def mine(request: Request) -> HttpResponse:
    """The exams one sits, with tickets, and the rooms one watches over."""
    context = {
        "candidacies": policy.own_candidacies(request.user),
        "rooms": policy.own_rooms(request.user),
    }
    return render(request, "sittings/mine.html", context)


def own_ticket(request: Request, pk: int) -> HttpResponse:
    candidate = get_object_or_404(policy.own_candidacies(request.user), pk=pk)
    return download(tickets.paper_of(candidate), f"{candidate.number}.pdf")


# --- finding ----------------------------------------------------------------------------


def exam_of(request: Request, consortium: Consortium, pk: int) -> Exam:
    return get_object_or_404(policy.visible_exams(request.user), pk=pk, consortium=consortium)


def room_of(request: Request, consortium: Consortium, pk: int, room: int) -> Room:
    rows = policy.visible_rooms(request.user).filter(exam=exam_of(request, consortium, pk))
    return get_object_or_404(rows, pk=room)
