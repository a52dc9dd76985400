from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from silian.kernel.files import services as files
from silian.kernel.http import Request
from silian.kernel.sheets import cells, policy, services, tasks, workbooks
from silian.kernel.sheets.forms import UploadForm
from silian.kernel.sheets.models import Import
from silian.kernel.sheets.policy import Place

SHOWN = 200  # problems on the page; the workbook with errors has them all
RECENT = 30  # imports on the page
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_http_methods(["GET", "POST"])
def import_page(request: Request, sheet: str, scope: str) -> HttpResponse:
    """What the columns mean, the template, the file to bring, and what was brought before."""
    place = find_place(request, sheet, scope)
    form = UploadForm(request.POST or None, request.FILES or None, place=place)
    if request.method == "POST" and form.is_valid():
        found = services.bring(place, form.cleaned_data["file"], by=request.user)
        tasks.check_soon(found, len(form.grid.rows), by=request.user)
        return to_detail(found)
    context = {
        "place": place,
        "steps": steps(),
        "form": form,
        "columns": workbooks.columns_of(place.sheet, place.sheet.form(place.scope)),
        "imports": policy.visible_imports(place).defer("problems", "preview")[:RECENT],
        "cancel": place.sheet.done_url(place.scope),
    }
    status = 422 if form.errors else 200
    return render(request, "sheets/import_form.html", context, status=status)


@require_GET
def template(request: Request, sheet: str, scope: str, ending: str) -> HttpResponse:
    place = find_place(request, sheet, scope)
    make = {"xlsx": workbooks.template_xlsx, "csv": workbooks.template_csv}[ending]
    content = make(place.sheet, place.sheet.form(place.scope))
    return download(content, f"{place.sheet.title}.{ending}")


@require_GET
def import_detail(request: Request, sheet: str, scope: str, pk: int) -> HttpResponse:
    """What was found in a file, and the decision to import it."""
    place, found = find_import(request, sheet, scope, pk)
    fields = place.sheet.form(place.scope).fields
    labels = {name: cells.label_of(name, field) for name, field in fields.items()}
    context = {
        "place": place,
        "steps": steps(),
        "step": 4 if found.state == Import.State.DONE else 3 if found.good else 2,
        "object": found,
        "problems": described(found, labels)[:SHOWN],
        "more": max(0, found.problem_count - SHOWN),
        "headers": [labels.get(name, name) for name in found.preview.get("columns", ())],
        "may_confirm": policy.may_confirm(place, found),
        "may_recheck": policy.may_recheck(found),
        "done_url": place.sheet.done_url(place.scope),
    }
    return render(request, "sheets/import_detail.html", context)


@require_POST
def import_confirm(request: Request, sheet: str, scope: str, pk: int) -> HttpResponse:
    place, found = find_import(request, sheet, scope, pk)
    policy.may_confirm(place, found).enforce()
    services.confirm(found, by=request.user)
    tasks.import_soon(found, by=request.user)
    return to_detail(found)


@require_POST
def import_recheck(request: Request, sheet: str, scope: str, pk: int) -> HttpResponse:
    _place, found = find_import(request, sheet, scope, pk)
    policy.may_recheck(found).enforce()
    try:
        services.recheck(found, by=request.user)
    except services.Busy:
        messages.warning(request, _("This file is being imported at this moment."))
    else:
        tasks.check_soon(found, found.total, by=request.user)
    return to_detail(found)


@require_GET
def import_errors(request: Request, sheet: str, scope: str, pk: int) -> HttpResponse:
    """The file as it came, with a column that says what is wrong with each row."""
    place, found = find_import(request, sheet, scope, pk)
    form = place.sheet.form(place.scope)
    content = workbooks.with_errors(services.grid_of(found), services.problems_of(found), form)
    name = found.file.name.rsplit(".", 1)[0]
    return download(content, _("%(file)s, errors.xlsx") % {"file": name})


@require_GET
def import_file(request: Request, sheet: str, scope: str, pk: int) -> HttpResponseBase:
    """The file as it came."""
    _place, found = find_import(request, sheet, scope, pk)
    return files.respond(found.file)


def steps() -> list[str]:
    return [_("Upload"), _("Check"), _("Confirm"), _("Result")]


def find_place(request: Request, sheet: str, scope: str) -> Place:
    place = policy.visible_place(request.user, sheet, scope)
    if place is None:
        raise Http404
    return place


def find_import(request: Request, sheet: str, scope: str, pk: int) -> tuple[Place, Import]:
    place = find_place(request, sheet, scope)
    return place, get_object_or_404(policy.visible_imports(place), pk=pk)


def described(found: Import, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Problems for the page, with the header of the column in the reader's language."""
    return [
        {"row": p.row, "label": labels.get(p.field, ""), "value": p.value, "message": p.message}
        for p in services.problems_of(found)
    ]


def to_detail(found: Import) -> HttpResponse:
    return redirect("sheets:import_detail", found.sheet, found.scope, found.pk)


def download(content: bytes, name: str) -> HttpResponse:
    media_type = MEDIA_TYPES[name.rsplit(".", 1)[1]]
    disposition = content_disposition_header(True, name)
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": disposition}
    )
