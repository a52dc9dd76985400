"""The catalogue of appraisals, what becomes of one, entries and their check."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.schemes.terms import parts_said, terms_for
from silian.education.skillappraisals import policy, services
from silian.education.skillappraisals.forms import (
    AppraisalForm,
    EntryForm,
    LinkForm,
)
from silian.education.skillappraisals.imports import Group
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.education.skillappraisals.tables import (
    AppraisalFilter,
    AppraisalTable,
    EntryFilter,
    EntryTable,
)
from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.kernel.files import services as files
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

# --- appraisals -------------------------------------------------------------------------


@login_not_required
def appraisal_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_appraisals(request.user).filter(consortium=consortium)
    listing = Listing(request, rows, AppraisalTable, AppraisalFilter, name="appraisals")
    context = {"consortium": consortium, "may_hold": policy.may_hold(request.user, consortium)}
    return listing.page("skillappraisals/appraisal_index.html", context)


@login_not_required
def appraisal_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """What everybody may read; whoever holds it finds here what to do next."""
    appraisal, user = appraisal_of(request, consortium, pk), request.user
    manages = policy.may_manage(user, appraisal)
    terms = appraisal.terms or terms_for(
        consortium, appraisal.organiser, appraisal.occupation, appraisal.level
    )
    verbs = "edit open begin reopen cancel link enter_exams enter_any".split()
    context = {
        "object": appraisal,
        "consortium": consortium,
        "terms": terms,
        "parts": parts_said(terms),
        "mine": policy.entry_of(user, appraisal),
        "firms": [
            (firm, policy.may_enter_for(user, appraisal, firm), Group(appraisal, firm).text)
            for firm in policy.acting_firms(user)
        ],
        "has_entries": policy.visible_entries(user).filter(appraisal=appraisal).exists(),
        "counts": _counts(appraisal) if manages else {},
        "may_manage": manages,
        "reads": isinstance(user, User) and policy.readable(user).filter(pk=pk).exists(),
        "may_enter": policy.may_enter(user, appraisal),
        "sits": policy.sits_on_panel(user, appraisal),
        **{f"may_{verb}": getattr(policy, f"may_{verb}")(user, appraisal) for verb in verbs},
    }
    return render(request, "skillappraisals/appraisal_detail.html", context)


def _counts(appraisal: Appraisal) -> dict[str, int]:
    states = list(appraisal.entries.values_list("state", flat=True))
    return {state: states.count(state) for state in Entry.State.values}


def appraisal_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_hold(request.user, consortium).enforce()
    return _appraisal_page(request, Appraisal(consortium=consortium))


def appraisal_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    appraisal = appraisal_of(request, consortium, pk)
    policy.may_edit(request.user, appraisal).enforce()
    return _appraisal_page(request, appraisal)


def _appraisal_page(request: Request, appraisal: Appraisal) -> HttpResponse:
    form = AppraisalForm(request.POST or None, instance=appraisal, by=request.user)
    if request.method == "POST" and form.is_valid():
        saved = services.save_appraisal(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    index = reverse("skillappraisals:appraisal_index", args=[appraisal.consortium])
    cancel = appraisal.get_absolute_url() if appraisal.pk else index
    context = {"form": form, "consortium": appraisal.consortium, "cancel": cancel}
    return render(request, "skillappraisals/appraisal_form.html", context)


# What is done by pressing a button, and whether it needs a reason.
VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any], bool]] = {
    "open": (policy.may_open, services.open_entries, False),
    "begin": (policy.may_begin, services.begin, False),
    "reopen": (policy.may_reopen, services.reopen, False),
    "cancel": (policy.may_cancel, services.cancel, True),
    "accept-all": (policy.may_enter_any, services.accept_all, False),
    "enter-exams": (policy.may_enter_exams, services.enter_into_exams, False),
}


@require_POST
def appraisal_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    appraisal = appraisal_of(request, consortium, pk)
    if verb not in VERBS:
        raise Http404
    may, service, reasoned = VERBS[verb]
    may(request.user, appraisal).enforce()
    words = _reason(request) if reasoned else {}
    if words or not reasoned:
        done = service(appraisal, by=request.user, **words)
        if verb == "enter-exams":
            messages.success(request, _("%(count)s candidates entered.") % {"count": done})
    return redirect(appraisal)


def exams_link(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    appraisal = appraisal_of(request, consortium, pk)
    policy.may_link(request.user, appraisal).enforce()
    initial = {"exam": appraisal.exam_id, "practical": appraisal.practical_id}
    form = LinkForm(appraisal, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = {name: form.cleaned_data.get(name) for name in ("exam", "practical")}
        services.link_exams(appraisal, by=request.user, **chosen)
        return redirect(appraisal)
    context = {"form": form, "object": appraisal, "consortium": consortium}
    context["cancel"] = appraisal.get_absolute_url()
    return render(request, "skillappraisals/link_form.html", context)


# --- entries ----------------------------------------------------------------------------


def entry_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Everybody for the office; for a firm its own."""
    appraisal = appraisal_of(request, consortium, pk)
    rows = policy.visible_entries(request.user).filter(appraisal=appraisal)
    manages = policy.may_manage(request.user, appraisal)
    if not manages and not policy.acting_firms(request.user).exists():
        raise Http404
    context = {
        "consortium": consortium,
        "appraisal": appraisal,
        "may_manage": manages,
        "may_enter_any": policy.may_enter_any(request.user, appraisal),
        "waiting": rows.filter(state=Entry.State.SUBMITTED).exists(),
        "scope": Group(appraisal, None).text,
    }
    listing = Listing(request, rows, EntryTable, EntryFilter, name="entries")
    return listing.page("skillappraisals/entry_index.html", context)


def entry_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Enter oneself."""
    appraisal = appraisal_of(request, consortium, pk)
    policy.may_enter(request.user, appraisal).enforce()
    person = getattr(request.user, "person", None)
    form = EntryForm(person, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data.get("number", "")
        try:
            entry = services.enter_self(appraisal, form.said, number=number, by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Your entry was received. The office checks it."))
            return redirect(entry)
    context = {"form": form, "object": appraisal, "consortium": consortium}
    context["cancel"] = appraisal.get_absolute_url()
    return render(request, "skillappraisals/entry_form.html", context)


def entry_detail(request: Request, consortium: Consortium, pk: int, entry: int) -> HttpResponse:
    found = entry_of(request, consortium, pk, entry)
    verbs = "accept return exempt mend withdraw".split()
    context = {
        "object": found,
        "appraisal": found.appraisal,
        "consortium": consortium,
        "papers": found.papers.all(),
        "exemptions": found.exemptions.all(),
        "may_manage": policy.may_manage(request.user, found.appraisal),
        **{f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, found) for verb in verbs},
    }
    return render(request, "skillappraisals/entry_detail.html", context)


def entry_mend(request: Request, consortium: Consortium, pk: int, entry: int) -> HttpResponse:
    found = entry_of(request, consortium, pk, entry)
    policy.may_mend(request.user, found).enforce()
    initial = {"grounds": found.grounds}
    form = EntryForm(found.person, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.mend_entry(found, form.said, by=request.user)
        return redirect(found)
    context = {
        "form": form,
        "object": found.appraisal,
        "consortium": consortium,
        "cancel": found.get_absolute_url(),
    }
    return render(request, "skillappraisals/entry_form.html", context)


ENTRY_VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any], bool]] = {
    "accept": (policy.may_accept, services.accept, False),
    "return": (policy.may_return, services.return_entry, True),
    "withdraw": (policy.may_withdraw, services.withdraw, False),
}


@require_POST
def entry_act(
    request: Request, consortium: Consortium, pk: int, entry: int, verb: str
) -> HttpResponse:
    found = entry_of(request, consortium, pk, entry)
    if verb not in ENTRY_VERBS:
        raise Http404
    may, service, reasoned = ENTRY_VERBS[verb]
    may(request.user, found).enforce()
    words = _reason(request) if reasoned else {}
    if words or not reasoned:
        service(found, by=request.user, **words)
    return redirect(found)


def entry_paper(
    request: Request, consortium: Consortium, pk: int, entry: int, file: int
) -> FileResponse:
    found = entry_of(request, consortium, pk, entry)
    return files.respond(get_object_or_404(found.papers, pk=file), inline=True)


# --- finding ----------------------------------------------------------------------------


def appraisal_of(request: PublicRequest, consortium: Consortium, pk: int) -> Appraisal:
    rows = policy.visible_appraisals(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def entry_of(request: Request, consortium: Consortium, pk: int, entry: int) -> Entry:
    rows = policy.visible_entries(request.user).filter(appraisal__consortium=consortium)
    return get_object_or_404(rows, pk=entry, appraisal=pk)


def _reason(request: Request) -> dict[str, str]:
    """What the dialog asked for; without it nothing is done and the page says so."""
    if reason := request.POST.get("reason", "").strip()[:300]:
        return {"reason": reason}
    messages.error(request, _("Please give a reason."))
    return {}
