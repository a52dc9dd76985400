"""Files of items: what came, what can be taken, and what goes out."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.banks.policy import banks_to_write_in
from silian.education.exchange import cells, policy, services
from silian.education.exchange.forms import ArrivalForm, LeavingForm
from silian.education.exchange.imports import ItemRow
from silian.education.exchange.models import Arrival
from silian.education.exchange.tables import ArrivalTable
from silian.education.formats.registry import FORMATS
from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.files.content import clean_name
from silian.kernel.http import Request
from silian.kernel.sheets.cells import label_of
from silian.kernel.ui.listing import Listing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # reasons on a page


def file_index(request: Request, consortium: Consortium) -> HttpResponse:
    """Everything that goes in and out; for those with a seat alone."""
    banks = policy.banks_to_take_from(request.user, consortium)
    if not banks.exists():
        raise Http404
    context = {
        "consortium": consortium,
        "writes": banks_to_write_in(request.user, consortium),
        "form": LeavingForm(banks),
    }
    rows = policy.visible_arrivals(request.user, consortium)
    return Listing(request, rows, ArrivalTable, name="files").page(
        "exchange/file_index.html", context
    )


def arrival_new(request: Request, consortium: Consortium) -> HttpResponse:
    banks = banks_to_write_in(request.user, consortium)
    if not banks.exists():
        raise Http404
    form = ArrivalForm(banks, request.POST or None, request.FILES or None)
    if form.is_valid():
        data = form.cleaned_data
        arrival = Arrival(name=clean_name(data["file"].name or ""), format=form.format)
        for name in ("bank", "occupation", "level", "difficulty"):
            setattr(arrival, name, data[name])
        kept = services.keep_arrival(arrival, form.found, by=request.user)
        return redirect("exchange:arrival_detail", consortium, kept.pk)
    cancel = reverse("exchange:file_index", args=[consortium])
    context = {"form": form, "consortium": consortium, "cancel": cancel}
    return render(request, "exchange/arrival_form.html", context)


def arrival_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """What was found in a file, what was not, and why."""
    arrival = _arrival(request, consortium, pk)
    context = {
        "object": arrival,
        "arrival": arrival,
        "consortium": consortium,
        "refused": arrival.refused[:SHOWN],
        "losses": arrival.losses[:SHOWN],
        "may_take_in": policy.may_take_in(request.user, arrival),
    }
    return render(request, "exchange/arrival_detail.html", context)


@require_POST
def arrival_take(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    arrival = _arrival(request, consortium, pk)
    policy.may_take_in(request.user, arrival).enforce()
    count = services.take_in(arrival, by=request.user)
    messages.success(
        request, _("%(n)d items are in the bank now, as drafts of yours.") % {"n": count}
    )
    drafts = f"?bank={arrival.bank_id}&state=draft"
    return redirect(reverse("items:item_index", args=[consortium]) + drafts)


def export(request: Request, consortium: Consortium) -> HttpResponse:
    """First what can be written and what cannot; then the file."""
    banks = policy.banks_to_take_from(request.user, consortium)
    if not banks.exists():
        raise Http404
    form = LeavingForm(banks, request.GET)
    if not form.is_valid():
        return redirect("exchange:file_index", consortium)
    bank, name = form.cleaned_data["bank"], form.cleaned_data["format"]
    versions = policy.versions_to_take(request.user, bank)
    if form.cleaned_data["state"]:
        versions = versions.filter(state=form.cleaned_data["state"])
    leaving = services.outgoing(versions, name)
    if request.method == "POST":
        columns = ItemRow().fields
        heads = [label_of(column, columns[column]) for column in cells.COLUMN_ORDER]
        content = services.write_out(bank, leaving, name, heads, by=request.user)
        return _file(content, name, bank.name)
    context = {
        "consortium": consortium,
        "bank": bank,
        "label": dict(form.fields["format"].choices)[name],  # type: ignore[attr-defined]
        "leaving": leaving,
        "left_out": leaving.left_out[:SHOWN],
    }
    return render(request, "exchange/export.html", context)


def _file(content: bytes, name: str, title: str) -> HttpResponse:
    form = FORMATS.get(name)
    media_type, ending = (form.media_type, form.ending) if form else (XLSX, "xlsx")
    response = HttpResponse(content, content_type=media_type)
    filename = quote(f"{title}-{clock.today():%Y%m%d}.{ending}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{filename}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _arrival(request: Request, consortium: Consortium, pk: int) -> Arrival:
    return get_object_or_404(policy.visible_arrivals(request.user, consortium), pk=pk)
