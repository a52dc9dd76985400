"""One's own record; what an organisation may read of others; what it is asked to confirm."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from silian.governance.members.models import Organisation
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.persons.services import person_of
from silian.kernel.ui.listing import Listing
from silian.talent.consents.models import Consent
from silian.talent.consents.services import note_view, note_views
from silian.talent.profiles.policy import visible_students
from silian.talent.records import policy, services
from silian.talent.records.forms import ConfirmerForm, EntryForm, InterestForm
from silian.talent.records.models import Entry, Interest
from silian.talent.records.tables import SharedFilter, SharedTable

# --- one's own ----------------------------------------------------------------------------


@require_GET
def own_record(request: Request) -> HttpResponse:
    """My record: what my school keeps and what I state, with what comes next."""
    me = person_of(request.user)
    entries = list(policy.visible_entries(request.user))
    context = {
        "me": me,
        "enrolments": visible_students(request.user).filter(user=request.user),
        "sections": _sections(entries),
        "count": len(entries),
        "interest": _interest(me),
        "shared": policy.shared_with(me),
    }
    return render(request, "records/own_record.html", context)


def _sections(entries: list[Entry]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "label": kind.label, "entries": [e for e in entries if e.kind == kind]}
        for kind in Entry.Kind
    ]


def _interest(person: Any) -> Interest | None:
    return getattr(person, "interest", None)


def entry_new(request: Request, kind: str) -> HttpResponse:
    if kind not in Entry.Kind.values:
        raise Http404
    return _form_page(request, Entry(person=person_of(request.user), kind=kind))


def entry_edit(request: Request, pk: int) -> HttpResponse:
    entry = _own(request, pk)
    policy.may_change(request.user, entry).enforce()
    return _form_page(request, entry)


def _form_page(request: Request, entry: Entry) -> HttpResponse:
    form = EntryForm(request.POST or None, request.FILES or None, instance=entry)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data.get("file")
        services.save_entry(form.save(commit=False), by=request.user, evidence=file)
        messages.success(request, _("Saved."))
        return redirect("records:own_record")
    context = {"form": form, "entry": entry, "cancel": reverse("records:own_record")}
    return render(request, "records/entry_form.html", context)


@require_POST
def entry_delete(request: Request, pk: int) -> HttpResponse:
    entry = _own(request, pk)
    policy.may_change(request.user, entry).enforce()
    services.delete_entry(entry, by=request.user)
    return redirect("records:own_record")


def entry_ask(request: Request, pk: int) -> HttpResponse:
    """Ask a school or issuer to confirm an entry."""
    entry = _own(request, pk)
    policy.may_ask(request.user, entry).enforce()
    form = ConfirmerForm(request.POST or None, initial={"of": entry.place})
    if form.is_valid():
        services.ask_to_confirm(entry, of=form.cleaned_data["of"], by=request.user)
        return redirect("records:own_record")
    context = {"form": form, "entry": entry, "cancel": reverse("records:own_record")}
    return render(request, "records/entry_ask.html", context)


@require_POST
def entry_take_back(request: Request, pk: int) -> HttpResponse:
    entry = _own(request, pk)
    policy.may_take_back(request.user, entry).enforce()
    services.take_back(entry, by=request.user)
    return redirect("records:own_record")


@require_GET
def own_evidence(request: Request, pk: int) -> HttpResponseBase:
    return _file(_own(request, pk))


def interest_edit(request: Request) -> HttpResponse:
    """What I look for."""
    found = _interest(person_of(request.user))
    names = list(InterestForm.base_fields)
    initial = {name: getattr(found, name) for name in names} if found else {}
    for name in ("occupations", "regions"):
        initial[name] = initial[name].all() if found else []
    form = InterestForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.save_interest(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("records:own_record")
    context = {"form": form, "cancel": reverse("records:own_record")}
    return render(request, "records/interest_form.html", context)


# --- for others, by consent ---------------------------------------------------------------


@require_GET
def person(request: Request, pk: int) -> HttpResponse:
    """The record of somebody who allows it; 404 from the moment that they withdraw."""
    consent = _readable(request, pk)
    note_view(
        consent.person,
        gettext_noop("Record of the person"),
        by=request.user,
        organisation=consent.recipient,
    )
    covers = set(consent.covers)
    entries = list(policy.entries_under(consent))
    enrolments = consent.person.enrolments.select_related("school", "programme")
    context = {
        "consent": consent,
        "person": consent.person,
        "sections": [section for section in _sections(entries) if section["entries"]],
        "enrolments": enrolments if Consent.Data.EDUCATION in covers else [],
        "interest": _interest(consent.person) if Consent.Data.WISHES in covers else None,
        "contact": consent.person.user if Consent.Data.CONTACT in covers else None,
    }
    return render(request, "records/person.html", context)


@require_GET
def evidence(request: Request, pk: int, entry: int) -> HttpResponseBase:
    """A file that belongs to an entry which the consent covers."""
    consent = _readable(request, pk)
    found = get_object_or_404(policy.entries_under(consent), pk=entry)
    note_view(
        consent.person, gettext_noop("Evidence"), by=request.user, organisation=consent.recipient
    )
    return _file(found)


@require_GET
def shared(request: Request, side: int) -> HttpResponse:
    """Whose records an organisation may read today."""
    organisation = _side(request, side)
    rows = policy.readable(request.user).filter(recipient=organisation)
    listing = Listing(request, rows, SharedTable, SharedFilter, name="records")
    people = [consent.person_id for consent in listing.shown]
    note_views(people, gettext_noop("List of records"), by=request.user, organisation=organisation)
    return listing.page("records/shared.html", {"side": organisation})


# --- confirming ---------------------------------------------------------------------------


@require_GET
def to_confirm(request: Request, side: int) -> HttpResponse:
    organisation = _side(request, side)
    entries = list(policy.visible_to_confirm(request.user, organisation))
    people = [entry.person_id for entry in entries]
    note_views(people, gettext_noop("Entry to confirm"), by=request.user, organisation=organisation)
    return render(request, "records/to_confirm.html", {"side": organisation, "entries": entries})


@require_POST
def entry_answer(request: Request, side: int, pk: int, answer: str) -> HttpResponse:
    """Confirm, or say why not."""
    entry = _asked(request, side, pk)
    policy.may_confirm(request.user, entry).enforce()
    reason = request.POST.get("reason", "").strip()[:300]
    if answer == "confirm":
        services.confirm(entry, by=request.user)
    elif answer != "refuse":
        raise Http404
    elif reason:
        services.refuse(entry, why=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect("records:to_confirm", side)


@require_GET
def asked_evidence(request: Request, side: int, pk: int) -> HttpResponseBase:
    return _file(_asked(request, side, pk))


def _own(request: Request, pk: int) -> Entry:
    return get_object_or_404(policy.visible_entries(request.user), pk=pk)


def _side(request: Request, pk: int) -> Organisation:
    return get_object_or_404(policy.visible_sides(request.user), pk=pk)


def _asked(request: Request, side: int, pk: int) -> Entry:
    rows = policy.visible_to_confirm(request.user, _side(request, side))
    return get_object_or_404(rows, pk=pk)


def _readable(request: Request, pk: int) -> Consent:
    found = policy.readable(request.user).filter(person=pk).first()
    if found is None:
        raise Http404
    return found


def _file(entry: Entry) -> HttpResponseBase:
    if entry.evidence is None:
        raise Http404
    return respond(entry.evidence, inline=True)
