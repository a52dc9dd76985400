"""The inbox of change requests: of a consortium, of one standard, and each with its answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from silian.education.requests import policy, services
from silian.education.requests.forms import AnswerForm, RequestForm
from silian.education.requests.tables import InboxTable, RequestFilter, RequestTable
from silian.education.standards.models import ChangeRequest, Standard
from silian.education.standards.policy import visible_askers, visible_standards
from silian.education.standards.services import request_change
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def inbox(request: Request, consortium: Consortium) -> HttpResponse:
    """Everything that the reader asked for or has to answer here."""
    rows = policy.visible_requests(request.user).filter(standard__consortium=consortium)
    listing = Listing(request, rows, InboxTable, RequestFilter, name="change-requests")
    return listing.page("requests/inbox.html", {"consortium": consortium})


def request_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    standard = _standard(request, consortium, pk)
    rows = policy.visible_requests(request.user).filter(standard=standard)
    listing = Listing(request, rows, RequestTable, RequestFilter, name="change-requests")
    context: dict[str, Any] = {"standard": standard, "consortium": consortium}
    context |= {"may_request": policy.may_request(request.user, standard)}
    return listing.page("requests/request_index.html", context)


def request_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    standard = _standard(request, consortium, pk)
    policy.may_request(request.user, standard).enforce()
    askers = visible_askers(request.user, consortium)
    blank = ChangeRequest(standard=standard, by=request.user)
    form = RequestForm(askers, request.POST or None, instance=blank)
    if form.is_valid():
        asked = request_change(standard, by=request.user, **form.cleaned_data)
        messages.success(request, _("The school has been told."))
        return redirect(asked)
    context: dict[str, Any] = {"form": form, "standard": standard, "consortium": consortium}
    context |= {"cancel": standard.get_absolute_url()}
    return render(request, "requests/request_new.html", context)


def request_detail(request: Request, consortium: Consortium, pk: int, asked: int) -> HttpResponse:
    """One request with its evidence; the school answers it here."""
    rows = policy.visible_requests(request.user).filter(standard__consortium=consortium)
    found = get_object_or_404(rows, pk=asked, standard=pk)
    may_answer = policy.may_answer(request.user, found)
    form = AnswerForm(found.standard, request.POST or None)
    if request.method == "POST":
        may_answer.enforce()
        if form.is_valid():
            _answer(found, form, request)
            return redirect(found)
    context = {
        "object": found,
        "consortium": consortium,
        "may_answer": may_answer,
        "form": form,
        "figures": found.evidence.get("figures", {}),
        "lines": found.evidence.get("lines", []),
    }
    return render(request, "requests/request_detail.html", context)


def _answer(found: ChangeRequest, form: AnswerForm, request: Request) -> None:
    said = form.cleaned_data
    if said["outcome"] == "adopted":
        facts = {"edition": said["edition"], "answer": said["answer"]}
        services.adopt(found, by=request.user, **facts)
    else:
        services.decline(found, answer=said["answer"], by=request.user)


def _standard(request: Request, consortium: Consortium, pk: int) -> Standard:
    rows = visible_standards(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)
