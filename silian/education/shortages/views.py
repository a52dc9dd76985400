"""The catalogues of a consortium, one catalogue, one entry with its working, the formula."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.shortages import formula, papers, policy, services
from silian.education.shortages.forms import (
    AdjustForm,
    ForewordForm,
    FormulaForm,
    NewCatalogueForm,
)
from silian.education.shortages.models import Adjustment, Catalogue, Entry, Setting
from silian.education.shortages.tables import CatalogueTable, EntryFilter, EntryTable
from silian.governance.consortia.models import Consortium
from silian.kernel.documents.services import written
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

VERBS = "edit adjust recompute publish correct drop".split()


@login_not_required
def catalogue_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_catalogues(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "current": policy.current_catalogue(consortium),
        "may_prepare": policy.may_prepare(request.user, consortium),
        "inside": policy.may_set_formula(request.user, consortium),
    }
    return Listing(request, rows, CatalogueTable, name="shortages").page(
        "shortages/catalogue_index.html", context
    )


@login_not_required
def catalogue_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    catalogue = _catalogue(request, consortium, pk)
    rows = policy.visible_entries(request.user).filter(catalogue=catalogue)
    visible = policy.visible_catalogues(request.user)
    same_year = visible.filter(consortium=consortium, year=catalogue.year)
    told = catalogue.formula
    context: dict[str, Any] = {
        "object": catalogue,
        "consortium": consortium,
        "title": papers.title_of(catalogue),
        "chart": papers.chart_of(list(rows.order_by("-index"))),
        "formula": told,
        "dimensions": papers.formula_rows(told),
        "steps_note": papers.steps_note(told),
        "versions": [one for one in same_year if one.state in Catalogue.PUBLIC],
        "inside": policy.may_set_formula(request.user, consortium),
    }
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, catalogue) for v in VERBS}
    name = f"shortages-{consortium.slug}-{catalogue.year}"
    listing = Listing(request, rows, EntryTable, EntryFilter, name=name)
    return listing.page("shortages/catalogue_detail.html", context)


@login_not_required
def entry_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """How the index of one occupation came about."""
    entry = _entry(request, consortium, pk)
    catalogue = entry.catalogue
    context = {
        "object": entry,
        "entry": entry,
        "catalogue": catalogue,
        "consortium": consortium,
        "steps": papers.steps_of(entry),
        "why_none": papers.why_none(entry),
        "facts": papers.facts_of_entry(entry),
        "steps_note": papers.steps_note(catalogue.formula),
        "adjustments": entry.adjustments.select_related("by"),
        "may_adjust": policy.may_adjust(request.user, catalogue),
    }
    return render(request, "shortages/entry_detail.html", context)


@login_not_required
def catalogue_data(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    catalogue = _catalogue(request, consortium, pk)
    found = papers.data_of(catalogue) | {"digest": catalogue.digest}
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@login_not_required
def catalogue_paper(
    request: PublicRequest, consortium: Consortium, pk: int, ending: str
) -> HttpResponse:
    if ending not in ("pdf", "docx"):
        raise Http404
    catalogue = _catalogue(request, consortium, pk)
    rows = policy.visible_entries(request.user).filter(catalogue=catalogue)
    text = papers.markdown_of(catalogue, list(rows.prefetch_related("adjustments")))
    title, facts = papers.title_of(catalogue), papers.facts_of(catalogue)
    return written(text, ending, title=title, facts=facts)


def catalogue_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_prepare(request.user, consortium).enforce()
    form = NewCatalogueForm(request.POST or None, releases=policy.releases_to_use(consortium))
    if request.method == "POST" and form.is_valid():
        release = form.cleaned_data["release"]
        return redirect(services.prepare_catalogue(release, by=request.user))
    cancel = reverse("shortages:catalogue_index", args=[consortium])
    context = {"form": form, "consortium": consortium, "cancel": cancel}
    return render(request, "shortages/catalogue_new.html", context)


def catalogue_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    catalogue = _catalogue(request, consortium, pk)
    policy.may_edit(request.user, catalogue).enforce()
    form = ForewordForm(request.POST or None, instance=catalogue)
    if request.method == "POST" and form.is_valid():
        services.edit_catalogue(form.save(commit=False), by=request.user)
        return redirect(catalogue)
    context = {"form": form, "consortium": consortium, "cancel": catalogue.get_absolute_url()}
    return render(request, "shortages/catalogue_edit.html", context | {"catalogue": catalogue})


def entry_adjust(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    entry = _entry(request, consortium, pk)
    policy.may_adjust(request.user, entry.catalogue).enforce()
    blank = Adjustment(entry=entry, stars=max(entry.stars, 1), level=entry.level)
    form = AdjustForm(request.POST or None, instance=blank)
    if request.method == "POST" and form.is_valid():
        services.adjust_entry(entry, by=request.user, **form.cleaned_data)
        return redirect(entry)
    context = {"form": form, "consortium": consortium, "cancel": entry.get_absolute_url()}
    return render(request, "shortages/entry_adjust.html", context | {"entry": entry})


def formula_edit(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_set_formula(request.user, consortium).enforce()
    told = formula.formula_of(consortium)
    initial = {one["key"]: round(100 * one["weight"]) for one in told["dimensions"]}
    names = ("mild", "moderate", "severe")
    initial |= {name: round(100 * one) for name, one in zip(names, told["levels"], strict=True)}
    blank = Setting(consortium=consortium)
    form = FormulaForm(request.POST or None, initial=initial, instance=blank)
    if request.method == "POST" and form.is_valid():
        services.set_formula(form.save(commit=False), by=request.user)
        messages.success(request, _("The next catalogue is computed with this formula."))
        return redirect("shortages:catalogue_index", consortium)
    context = {
        "form": form,
        "consortium": consortium,
        "cancel": reverse("shortages:catalogue_index", args=[consortium]),
        "settings": policy.visible_settings(request.user, consortium),
    }
    return render(request, "shortages/formula_edit.html", context)


# What is done to a catalogue with one press: who may, and the service.
ACTS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "recompute": (policy.may_recompute, services.recompute_catalogue),
    "publish": (policy.may_publish, services.publish_catalogue),
    "drop": (policy.may_drop, services.drop_catalogue),
}


@require_POST
def act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    if verb not in ACTS:
        raise Http404
    may, service = ACTS[verb]
    catalogue = _catalogue(request, consortium, pk)
    may(request.user, catalogue).enforce()
    service(catalogue, by=request.user)
    return redirect(catalogue)


@require_POST
def catalogue_correct(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    catalogue = _catalogue(request, consortium, pk)
    policy.may_correct(request.user, catalogue).enforce()
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        messages.error(request, _("Please give a reason."))
        return redirect(catalogue)
    return redirect(services.correct_catalogue(catalogue, reason=reason, by=request.user))


def _catalogue(request: PublicRequest, consortium: Consortium, pk: int) -> Catalogue:
    rows = policy.visible_catalogues(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _entry(request: PublicRequest, consortium: Consortium, pk: int) -> Entry:
    rows = policy.visible_entries(request.user)
    return get_object_or_404(rows, pk=pk, catalogue__consortium=consortium)
