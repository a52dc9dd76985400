"""Papers: begun, filled, handed in, approved, printed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.banks.policy import banks_to_set_from
from silian.education.papers import policy, services
from silian.education.papers.forms import LinesForm, PaperForm, PointsForm
from silian.education.papers.models import Line, Paper
from silian.education.papers.tables import ChoiceFilter, ChoiceTable, PaperFilter, PaperTable
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

STEPS = {"up": -1, "down": 1}


def paper_index(request: Request, consortium: Consortium) -> HttpResponse:
    """For those who set and review; for everybody else there is no such page."""
    if not policy.sees_papers(request.user, consortium):
        raise Http404
    rows = policy.visible_papers(request.user).filter(bank__consortium=consortium)
    context = {
        "consortium": consortium,
        "may_begin": policy.may_begin(request.user, consortium),
        "waiting": policy.awaiting_approval(request.user).filter(bank__consortium=consortium),
    }
    listing = Listing(request, rows, PaperTable, PaperFilter, name="papers")
    return listing.page("papers/paper_index.html", context)


def paper_new(request: Request, consortium: Consortium) -> HttpResponse:
    if not policy.sees_papers(request.user, consortium):
        raise Http404
    policy.may_begin(request.user, consortium).enforce()
    cancel = reverse("papers:paper_index", args=[consortium])
    return _form_page(request, consortium, Paper(), cancel)


def paper_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    paper = _paper(request, consortium, pk)
    policy.may_edit(request.user, paper).enforce()
    return _form_page(request, consortium, paper, paper.get_absolute_url())


def paper_detail(
    request: Request, consortium: Consortium, pk: int, number: int = 1
) -> HttpResponse:
    """One form of a paper with its items, and what is to be done with it."""
    paper = _paper(request, consortium, pk)
    forms = list(policy.forms_of(paper))
    form = next((one for one in forms if one.number == number), None)
    if form is None:
        raise Http404
    user = request.user
    context = {
        "object": paper,
        "paper": paper,
        "consortium": consortium,
        "forms": forms,
        "form": form,
        "lines": policy.visible_lines(form),
        "faults": services.faults(paper) if paper.state == Paper.State.DRAFT else [],
        "may_edit": policy.may_edit(user, paper),
        "may_fill": policy.may_fill(user, paper),
        "may_approve": policy.may_approve(user, paper),
        "may_retire": policy.may_retire(user, paper),
    }
    return render(request, "papers/paper_detail.html", context)


def paper_choose(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Approved items to tick; those in the paper are not offered again."""
    paper = _paper(request, consortium, pk)
    policy.may_fill(request.user, paper).enforce()
    rows = policy.versions_for(request.user, paper)
    form = LinesForm(request.POST or None)
    if form.is_valid():
        keys = [key for key in request.POST.getlist("version") if key.isdecimal()]
        chosen = list(rows.filter(pk__in=keys))
        count = services.add_versions(paper, chosen, by=request.user, **form.cleaned_data)
        messages.success(request, _("Items chosen: %(n)d.") % {"n": count})
        return redirect(paper.get_absolute_url())
    context = {"paper": paper, "consortium": consortium, "form": form, "sum": policy.sum_of(paper)}
    listing = Listing(request, rows, ChoiceTable, ChoiceFilter, name="items", per_page=50)
    return listing.page("papers/paper_choose.html", context)


@require_POST
def paper_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    paper = _paper(request, consortium, pk)
    may, act = ACTS.get(verb, (None, None))
    if not may or not act:
        raise Http404
    may(request.user, paper).enforce()
    reason = request.POST.get("reason", "").strip()[:300]
    if verb in ("return", "retire") and not reason:
        messages.error(request, _("Please give a reason."))
        return redirect(paper.get_absolute_url())
    try:
        act(paper, reason, request.user)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect(paper.get_absolute_url())


ACTS: dict[str, tuple[Callable[..., Verdict], Callable[[Paper, str, Any], None]]] = {
    "hand-in": (policy.may_edit, lambda p, reason, by: services.hand_in(p, by=by)),
    "approve": (policy.may_approve, lambda p, reason, by: services.approve(p, by=by)),
    "return": (policy.may_approve, lambda p, why, by: services.send_back(p, reason=why, by=by)),
    "retire": (policy.may_retire, lambda p, why, by: services.retire(p, reason=why, by=by)),
}


@require_POST
def line_points(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    line = _line(request, consortium, pk, key)
    form = PointsForm(request.POST)
    if form.is_valid():
        services.set_points(line, form.cleaned_data["points"], by=request.user)
    else:
        messages.error(request, _("Points are a number above 0 with at most two decimals."))
    return redirect(line.form.paper.get_absolute_url())


@require_POST
def line_move(
    request: Request, consortium: Consortium, pk: int, key: int, step: str
) -> HttpResponse:
    line = _line(request, consortium, pk, key)
    if step not in STEPS:
        raise Http404
    services.move_line(line, STEPS[step], by=request.user)
    return redirect(line.form.paper.get_absolute_url())


@require_POST
def line_remove(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    line = _line(request, consortium, pk, key)
    services.remove_line(line, by=request.user)
    return redirect(line.form.paper.get_absolute_url())


def _form_page(request: Request, consortium: Consortium, paper: Paper, cancel: str) -> HttpResponse:
    banks = banks_to_set_from(request.user, consortium)
    form = PaperForm(banks, request.POST or None, instance=paper)
    if form.is_valid():
        kept = services.keep_paper(form.save(commit=False), by=request.user)
        return redirect(kept.get_absolute_url())
    context = {"form": form, "paper": paper, "consortium": consortium, "cancel": cancel}
    return render(request, "papers/paper_form.html", context)


def _paper(request: Request, consortium: Consortium, pk: int) -> Paper:
    rows = policy.visible_papers(request.user).filter(bank__consortium=consortium)
    return get_object_or_404(rows, pk=pk)


def _line(request: Request, consortium: Consortium, pk: int, key: int) -> Line:
    """A line of a paper whose items are chosen by hand, while it is a draft."""
    paper = _paper(request, consortium, pk)
    policy.may_fill(request.user, paper).enforce()
    form = get_object_or_404(policy.forms_of(paper), number=1)
    line = get_object_or_404(policy.visible_lines(form), pk=key)
    line.form.paper = paper
    return line
