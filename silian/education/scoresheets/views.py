"""The office's console, a turn with all its sheets, and what is decided about it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.education.judging.models import Sheet
from silian.education.judging.policy import visible_photos, visible_sheets
from silian.education.judging.services import still_holds
from silian.education.practicals.models import Practical, Station, Turn
from silian.education.practicals.policy import may_manage
from silian.education.scoresheets import console as board
from silian.education.scoresheets import policy, services
from silian.education.scoresheets.forms import ArbiterForm, CorrectionForm, DecisionForm
from silian.education.scoresheets.models import Correction
from silian.education.scoresheets.paper import entry_of, paper_of
from silian.education.scoresheets.tables import MarkFilter, MarkTable, results_table
from silian.governance.consortia.models import Consortium
from silian.kernel.documents.services import download
from silian.kernel.http import Request
from silian.kernel.ui.exports import exported
from silian.kernel.ui.listing import Listing

# --- the exam ---------------------------------------------------------------------------


@never_cache
def console(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """How far the judging is: stations, turns, what is missing and what is to be decided."""
    practical = _practical(request, consortium, pk)
    context = _board(request, practical) | {
        "object": practical,
        "shown": board.SHOWN,
        "may_close": policy.may_close(request.user, practical),
    }
    return render(request, "scoresheets/console.html", context)


@never_cache
def console_turns(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The lists alone, asked for again and again."""
    practical = _practical(request, consortium, pk)
    return render(request, "scoresheets/turns.html", _board(request, practical))


def results(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Each candidate's points by station and together, by number drawn."""
    practical = _practical(request, consortium, pk)
    stations, lines = _results(practical)
    context = {
        "object": practical,
        "consortium": consortium,
        "stations": stations,
        "lines": lines,
    }
    return render(request, "scoresheets/results.html", context)


def results_file(request: Request, consortium: Consortium, pk: int, kind: str) -> HttpResponse:
    """The same as a spreadsheet."""
    practical = _practical(request, consortium, pk)
    response = exported(results_table(*_results(practical)), kind, "results")
    if response is None:
        raise Http404
    return response


def _results(practical: Practical) -> tuple[list[Station], list[board.Line]]:
    stations = list(practical.stations.all())
    return stations, board.lines_of(stations, board.rows_of(practical))


def mark_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Every mark of every sheet, to filter and to take along."""
    practical = _practical(request, consortium, pk)
    rows = policy.visible_marks(request.user, practical)
    listing = Listing(request, rows, MarkTable, MarkFilter, name="marks")
    context = {"practical": practical, "consortium": consortium}
    return listing.page("scoresheets/mark_index.html", context)


@require_POST
def practical_close(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    practical = _practical(request, consortium, pk)
    policy.may_close(request.user, practical).enforce()
    services.close(practical, by=request.user)
    messages.success(request, _("The exam is closed. Its results stand."))
    return redirect("scoresheets:results", consortium, pk)


# --- a turn -----------------------------------------------------------------------------


def turn_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Sheets side by side, how far they differ, photos, interruptions, what was decided."""
    turn = _turn(request, consortium, pk)
    result = services.result_of(turn)
    user = request.user
    manages = bool(may_manage(user, turn.station.practical))
    photos = visible_photos(user).filter(turn=turn)
    context = {
        "turn": turn,
        "object": result.performance,
        "consortium": consortium,
        "practical": turn.station.practical,
        "result": result,
        "table": board.table_of(result),
        "photos": photos,
        "manages": manages,
        "may_arbitrate": policy.may_arbitrate(user, result),
        "may_name": policy.may_name(user, result),
        "may_excuse": policy.may_excuse(user, result),
        "may_correct": policy.may_correct(user, result),
    }
    return render(request, "scoresheets/turn_detail.html", context)


def decision(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    turn = _turn(request, consortium, pk)
    result = services.result_of(turn)
    policy.may_arbitrate(request.user, result).enforce()
    form = DecisionForm(result, request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.decide(turn, form.marks, reason=reason, by=request.user)
        messages.success(request, _("Decided. The sheets stay as they were signed."))
        return redirect("scoresheets:turn_detail", consortium, pk)
    return _form(request, "decision", turn, form)


def arbiter(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    turn = _turn(request, consortium, pk)
    result = services.result_of(turn)
    policy.may_name(request.user, result).enforce()
    form = ArbiterForm(policy.arbiters_for(result), request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.name_arbiter(turn, form.cleaned_data["arbiter"], by=request.user)
        messages.success(request, _("The arbiter is named and told."))
        return redirect("scoresheets:turn_detail", consortium, pk)
    return _form(request, "arbiter", turn, form)


def correction(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    turn = _turn(request, consortium, pk)
    result = services.result_of(turn)
    policy.may_correct(request.user, result).enforce()
    form = CorrectionForm(request.POST or None, instance=Correction(turn=turn))
    if request.method == "POST" and form.is_valid():
        services.correct(turn, by=request.user, **form.cleaned_data)
        messages.success(request, _("Corrected. What stood before is kept."))
        return redirect("scoresheets:turn_detail", consortium, pk)
    return _form(request, "correction", turn, form)


@require_POST
def sheet_excuse(request: Request, consortium: Consortium, pk: int, panellist: int) -> HttpResponse:
    turn = _turn(request, consortium, pk)
    policy.may_excuse(request.user, services.result_of(turn)).enforce()
    panel = policy.visible_panel(request.user, turn.station.practical)
    found = get_object_or_404(panel.filter(station=turn.station_id), pk=panellist)
    reason = request.POST.get("reason", "").strip()[:300]
    if reason:
        services.do_without(turn, found, reason=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect("scoresheets:turn_detail", consortium, pk)


# --- a sheet ----------------------------------------------------------------------------


def sheet_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    sheet = _sheet(request, consortium, pk)
    marks = sheet.marks.select_related("criterion")
    context = {
        "object": sheet,
        "consortium": consortium,
        "practical": sheet.turn.station.practical,
        "marks": [(mark, entry_of(mark)) for mark in marks],
        "intact": still_holds(sheet),
        "photos": visible_photos(request.user).filter(turn=sheet.turn, panellist=sheet.panellist),
    }
    return render(request, "scoresheets/sheet_detail.html", context)


def sheet_paper(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    sheet = _sheet(request, consortium, pk)
    name = _("Score sheet %(number)s") % {"number": sheet.turn.entrant.number}
    return download(paper_of(sheet), f"{name}.pdf")


# --- finding ----------------------------------------------------------------------------


def _practical(request: Request, consortium: Consortium, pk: int) -> Practical:
    rows = policy.followed_practicals(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _turn(request: Request, consortium: Consortium, pk: int) -> Turn:
    rows = policy.visible_turns(request.user).filter(station__practical__consortium=consortium)
    return get_object_or_404(rows, pk=pk)


def _sheet(request: Request, consortium: Consortium, pk: int) -> Sheet:
    rows = visible_sheets(request.user).filter(turn__station__practical__consortium=consortium)
    return get_object_or_404(rows, pk=pk)


def _board(request: Request, practical: Practical) -> dict[str, Any]:
    rows = board.rows_of(practical)
    show, station = request.GET.get("show", ""), request.GET.get("station", "")
    return {
        "practical": practical,
        "consortium": practical.consortium,
        "progress": board.progress_of(rows),
        "rows": board.chosen(rows, show=show, station=station),
        "show": show,
        "station": station,
        "undecided": sum(row.result.undecided for row in rows),
        "late": sum(row.late for row in rows),
        "missing": sum(len(row.result.missing) for row in rows if row.state == "missing"),
        "open": sum(row.result.points is None for row in rows),
    }


def _form(request: Request, name: str, turn: Turn, form: Any) -> HttpResponse:
    consortium = turn.station.practical.consortium
    context = {
        "form": form,
        "turn": turn,
        "consortium": consortium,
        "cancel": reverse("scoresheets:turn_detail", args=[consortium, turn.pk]),
    }
    return render(request, f"scoresheets/{name}_form.html", context)
