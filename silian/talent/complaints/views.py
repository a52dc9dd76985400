"""Complaining and following it up, for anybody; the desk, for its officers; who sits there."""

import io
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel import vault
from silian.kernel.accounts.models import User
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.talent.complaints import policy, services
from silian.talent.complaints.forms import (
    AnswerForm,
    CodeForm,
    ComplaintForm,
    OfficerForm,
    WordForm,
)
from silian.talent.complaints.models import Attachment, Complaint
from silian.talent.complaints.tables import ComplaintFilter, ComplaintTable

KEY = "complaint"  # in the session: the one that is followed up


@login_not_required
def complaint_home(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """What the desk is, who sits there, and figures without persons."""
    context: dict[str, Any] = {"consortium": consortium}
    context["officers"] = [o for o in policy.running(consortium) if policy.is_free(o.user)]
    context["figures"] = policy.figures(consortium)
    context["at_desk"] = consortium.pk in policy.desks_of(request.user)
    context["may_appoint"] = policy.may_appoint(request.user, consortium)
    return render(request, "complaints/complaint_home.html", context)


@never_cache
@login_not_required
def complaint_new(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    form = ComplaintForm(request.POST or None, request.FILES or None, signed_in=user is not None)
    home = reverse("complaints:complaint_home", args=[consortium])
    context: dict[str, Any] = {"consortium": consortium, "form": form, "cancel": home}
    if form.is_valid():
        if not ratelimit.consume(request, action="complaint"):
            form.add_error(None, _("Too many complaints come from here. Wait a minute."))
            return render(request, "complaints/complaint_form.html", context)
        data = form.cleaned_data
        by = None if data.get("anonymous") else user
        facts = {name: data[name] for name in ("about", "text", "uploads")}
        _complaint, code = services.complain(consortium, by=by, **facts)
        context |= {"code": code, "named": by is not None}
        return render(request, "complaints/receipt.html", context)
    return render(request, "complaints/complaint_form.html", context)


@never_cache
@login_not_required
def follow(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """By the receipt code; the code stands in no address."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if not ratelimit.consume(request, action="complaint"):
            form.add_error(None, _("Too many tries come from here. Wait a minute."))
        elif found := policy.complaint_of(form.cleaned_data["code"], consortium):
            request.session[KEY] = found.pk
            return redirect("complaints:follow", consortium)
        else:
            form.add_error("code", _("No complaint has this code."))
    mine = policy.own_complaints(request.user, consortium)
    chosen = request.GET.get("complaint", "")
    if chosen.isdecimal() and mine.filter(pk=chosen).exists():
        request.session[KEY] = int(chosen)
    context: dict[str, Any] = {"consortium": consortium, "form": form, "mine": mine}
    context |= {"complaint": _followed(request, consortium), "word": WordForm()}
    return render(request, "complaints/follow.html", context)


@require_POST
@login_not_required
def word_new(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    complaint = _followed(request, consortium)
    if complaint is None:
        raise Http404
    form = WordForm(request.POST, request.FILES)
    if form.is_valid():
        services.add_word(complaint, **form.cleaned_data)
        return redirect("complaints:follow", consortium)
    context = {"consortium": consortium, "complaint": complaint, "word": form, "form": CodeForm()}
    return render(request, "complaints/follow.html", context)


@login_not_required
def own_file(request: PublicRequest, consortium: Consortium, file: int) -> FileResponse:
    complaint = _followed(request, consortium)
    if complaint is None:
        raise Http404
    return _file(complaint, file)


def _followed(request: PublicRequest, consortium: Consortium) -> Complaint | None:
    key = request.session.get(KEY)
    return policy.one_followed(key, consortium) if key else None


def _file(complaint: Complaint, file: int) -> FileResponse:
    found = get_object_or_404(policy.attachments_of(complaint), pk=file)
    return _download(found)


def _download(found: Attachment) -> FileResponse:
    content = io.BytesIO(vault.opened_bytes(bytes(found.sealed)))
    return FileResponse(content, as_attachment=True, filename=found.title)


# --- the desk -----------------------------------------------------------------------------


def desk_index(request: Request, consortium: Consortium) -> HttpResponse:
    _insist_on_desk(request, consortium)
    rows = policy.visible_complaints(request.user).filter(consortium=consortium)
    listing = Listing(request, rows, ComplaintTable, ComplaintFilter, name="complaints")
    return listing.page("complaints/desk_index.html", {"consortium": consortium})


def desk_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    complaint = _complaint(request, consortium, pk)
    may_answer = policy.may_answer(request.user, complaint)
    form = AnswerForm(request.POST or None)
    if form.is_bound:
        may_answer.enforce()
        if form.is_valid():
            services.answer(complaint, by=request.user, text=form.cleaned_data["text"])
            messages.success(request, _("Answered."))
            return redirect("complaints:desk_detail", consortium, pk)
    context: dict[str, Any] = {"consortium": consortium, "complaint": complaint, "form": form}
    context |= {"may_answer": may_answer, "may_close": policy.may_close(request.user, complaint)}
    return render(request, "complaints/desk_detail.html", context)


@require_POST
def desk_take_up(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    complaint = _complaint(request, consortium, pk)
    policy.may_answer(request.user, complaint).enforce()
    services.take_up(complaint, by=request.user)
    return redirect("complaints:desk_detail", consortium, pk)


@require_POST
def desk_close(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    complaint = _complaint(request, consortium, pk)
    policy.may_close(request.user, complaint).enforce()
    services.close(complaint, by=request.user)
    return redirect("complaints:desk_detail", consortium, pk)


def desk_file(request: Request, consortium: Consortium, pk: int, file: int) -> FileResponse:
    return _file(_complaint(request, consortium, pk), file)


def _complaint(request: Request, consortium: Consortium, pk: int) -> Complaint:
    rows = policy.visible_complaints(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _insist_on_desk(request: Request, consortium: Consortium) -> None:
    if consortium.pk not in policy.desks_of(request.user):
        raise Http404


# --- who sits at the desk -----------------------------------------------------------------


def officer_index(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_appoint(request.user, consortium).enforce()
    form = OfficerForm(consortium, request.POST or None)
    if form.is_valid():
        services.appoint(consortium, by=request.user, **form.cleaned_data)
        messages.success(request, _("Appointed."))
        return redirect("complaints:officer_index", consortium)
    context = {"consortium": consortium, "form": form, "officers": policy.running(consortium)}
    return render(request, "complaints/officer_index.html", context)


@require_POST
def officer_dismiss(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    policy.may_appoint(request.user, consortium).enforce()
    officer = get_object_or_404(policy.running(consortium), pk=pk)
    services.dismiss(officer, by=request.user)
    return redirect("complaints:officer_index", consortium)
