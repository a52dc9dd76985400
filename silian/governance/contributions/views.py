"""The ledger of a consortium: pledges, deliveries, confirmations, and the members' statements."""

from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from silian.governance.agreements.models import Agreement
from silian.governance.commitments.policy import agreements_of, may_add, speakers
from silian.governance.consortia.models import Consortium
from silian.governance.contributions import policy, services, statements, tables
from silian.governance.contributions.forms import DeliverForm, GiftForm, PledgeForm
from silian.governance.contributions.models import Entry, Pledge
from silian.kernel import clock
from silian.kernel.documents.services import pdf_of
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

YEARS = 5  # that the page of a statement offers

# --- the ledger -------------------------------------------------------------------------


def entry_index(request: Request, consortium: Consortium) -> HttpResponse:
    here = {"agreement__consortium": consortium}
    rows = policy.visible_entries(request.user).filter(**here)
    context = {
        "consortium": consortium,
        "totals": statements.totals(policy.visible_pledges(request.user).filter(**here), rows),
        "may_import": policy.may_import(request.user, consortium),
    }
    listing = Listing(request, rows, tables.EntryTable, tables.EntryFilter, name="contributions")
    return listing.page("contributions/entry_index.html", context)


def pledge_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_pledges(request.user).filter(agreement__consortium=consortium)
    listing = Listing(request, rows, tables.PledgeTable, tables.PledgeFilter, name="pledges")
    return listing.page("contributions/pledge_index.html", {"consortium": consortium})


def _agreement(request: Request, consortium: Consortium, pk: int) -> Agreement:
    return get_object_or_404(agreements_of(request.user), pk=pk, consortium=consortium)


def _pledge(request: Request, consortium: Consortium, pk: int) -> Pledge:
    rows = policy.visible_pledges(request.user)
    return get_object_or_404(rows, pk=pk, agreement__consortium=consortium)


def _entry(request: Request, consortium: Consortium, pk: int) -> Entry:
    rows = policy.visible_entries(request.user)
    return get_object_or_404(rows, pk=pk, agreement__consortium=consortium)


def pledge_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    pledge = _pledge(request, consortium, pk)
    context = {
        "object": pledge,
        "pledge": pledge,
        "consortium": consortium,
        "entries": policy.visible_entries(request.user).filter(pledge=pledge),
        "may_deliver": policy.may_deliver_on(request.user, pledge),
        "may_cancel": policy.may_cancel(request.user, pledge),
    }
    return render(request, "contributions/pledge_detail.html", context)


def entry_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    entry = _entry(request, consortium, pk)
    context = {
        "object": entry,
        "entry": entry,
        "consortium": consortium,
        "may_answer": policy.may_answer(request.user, entry),
        "may_reverse": policy.may_reverse(request.user, entry),
    }
    return render(request, "contributions/entry_detail.html", context)


def pledge_new(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    found = _agreement(request, consortium, agreement)
    may_add(request.user, found).enforce()
    givers, parties = speakers(request.user, found), found.parties.all()
    form = PledgeForm(givers, parties, request.POST or None, instance=Pledge(agreement=found))
    if form.is_valid():
        saved = services.pledge(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    context = {"agreement": found, "form": form, "cancel": found.get_absolute_url()}
    return render(request, "contributions/pledge_new.html", {"consortium": consortium} | context)


def gift(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    """Something was given that nobody had pledged."""
    found = _agreement(request, consortium, agreement)
    policy.may_deliver(request.user, found).enforce()
    sent = (request.POST or None, request.FILES or None)
    givers, parties = speakers(request.user, found), found.parties.all()
    form = GiftForm(givers, parties, *sent, instance=Entry(agreement=found, on=clock.today()))
    if form.is_valid():
        return _delivered(request, form)
    context = {"agreement": found, "form": form, "cancel": found.get_absolute_url()}
    return render(request, "contributions/deliver.html", {"consortium": consortium} | context)


def deliver(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """A part of a pledge, or all of it, was given."""
    pledge = _pledge(request, consortium, pk)
    policy.may_deliver_on(request.user, pledge).enforce()
    same = "agreement giver receiver kind unit".split()
    blank = Entry(pledge=pledge, on=clock.today(), **{n: getattr(pledge, n) for n in same})
    form = DeliverForm(request.POST or None, request.FILES or None, instance=blank)
    if form.is_valid():
        return _delivered(request, form)
    context = {"pledge": pledge, "form": form, "cancel": pledge.get_absolute_url()}
    context |= {"agreement": pledge.agreement}
    return render(request, "contributions/deliver.html", {"consortium": consortium} | context)


def _delivered(request: Request, form: DeliverForm | GiftForm) -> HttpResponse:
    entry, file = form.save(commit=False), form.cleaned_data["file"]
    saved = services.deliver(entry, by=request.user, evidence=file)
    messages.success(request, _("Entered. It counts once the receiver has confirmed it."))
    return redirect(saved)


@require_POST
def pledge_cancel(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    pledge = _pledge(request, consortium, pk)
    policy.may_cancel(request.user, pledge).enforce()
    if why := _reason(request):
        services.cancel(pledge, by=request.user, why=why)
    return redirect(pledge)


@require_POST
def entry_confirm(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    entry = _entry(request, consortium, pk)
    policy.may_answer(request.user, entry).enforce()
    services.confirm(entry, by=request.user)
    messages.success(request, _("Confirmed."))
    return redirect(entry)


# What is done to a line with nothing but a reason: who may, and the service that does it.
VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "object": (policy.may_answer, services.object_to),
    "reverse": (policy.may_reverse, services.reverse_entry),
}


@require_POST
def act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    may, service = VERBS[verb]
    entry = _entry(request, consortium, pk)
    may(request.user, entry).enforce()
    if why := _reason(request):
        service(entry, by=request.user, why=why)
    return redirect(entry)


def _reason(request: Request) -> str:
    why = request.POST.get("reason", "").strip()
    if not why:
        messages.error(request, _("Please give a reason; the other side reads it."))
    return why


@require_GET
def evidence_file(request: Request, consortium: Consortium, pk: int) -> HttpResponseBase:
    entry = _entry(request, consortium, pk)
    if not entry.evidence:
        raise Http404
    return respond(entry.evidence, inline=True)


# --- statements -------------------------------------------------------------------------


def statement_index(request: Request, consortium: Consortium) -> HttpResponse:
    """Whose statements the reader can read; who can read one alone sees it at once."""
    members = policy.visible_members(request.user, consortium)
    year = clock.today().year
    if not policy.may_import(request.user, consortium) and members.count() == 1:
        return redirect("contributions:statement", consortium, members.get().pk, year)
    listing = Listing(request, members, tables.MemberTable, tables.MemberFilter, name="members")
    context = {"consortium": consortium, "year": year}
    return listing.page("contributions/statement_index.html", context)


def _statement(
    request: Request, consortium: Consortium, organisation: int, year: int
) -> statements.Statement:
    """Of one member: in this consortium, or everywhere where the address asks for that."""
    members = policy.visible_members(request.user, consortium)
    member = get_object_or_404(members, pk=organisation)
    if not MINYEAR <= year < MAXYEAR:
        raise Http404
    if "everywhere" in request.GET:
        policy.may_see_everywhere(request.user, member).enforce()
        return statements.statement_of(member, year, policy.entries_of(member))
    entries = policy.entries_of(member)
    return statements.statement_of(member, year, entries, consortium)


def statement(
    request: Request, consortium: Consortium, organisation: int, year: int
) -> HttpResponse:
    found = _statement(request, consortium, organisation, year)
    member = found.organisation
    page = reverse("contributions:statement", args=[consortium, member.pk, year])
    context = {
        "consortium": consortium,
        "statement": found,
        "page": page,
        "asked": f"?{request.GET.urlencode()}" if request.GET else "",
        "years": range(clock.today().year, clock.today().year - YEARS, -1),
        "may_see_everywhere": policy.may_see_everywhere(request.user, member),
    }
    listing = Listing(
        request, found.entries, tables.EntryTable, tables.EntryFilter, name=f"statement-{year}"
    )
    return listing.page("contributions/statement.html", context)


@require_GET
def statement_pdf(
    request: Request, consortium: Consortium, organisation: int, year: int
) -> HttpResponse:
    found = _statement(request, consortium, organisation, year)
    title = _("Contributions of %(year)s") % {"year": year}
    where = found.consortium.name if found.consortium else _("All consortia")
    facts = [
        (_("Member"), found.organisation.name),
        (_("Consortium"), where),
        (_("As of"), clock.today().isoformat()),
    ]
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    content = pdf_of(found.markdown(), title=title, language=language, facts=facts)
    name = f"{found.organisation.name} {title}.pdf"
    headers = {"Content-Disposition": content_disposition_header(True, name) or ""}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
