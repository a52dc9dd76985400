"""The table of units of a draft: each unit, their order, and the totals."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.authoring.policy import side_of
from silian.education.rulebook.rules import findings
from silian.education.standards.figures import sums_of, units_of
from silian.education.standards.models import Edition, Unit
from silian.education.standards.policy import visible_editions
from silian.education.units import policy, services
from silian.education.units.forms import SkillFormSet, TotalsForm, UnitForm
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request

STEPS = {"up": -1, "down": 1}


def unit_index(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    """All units with their sums, beside what the edition states."""
    edition = _draft(request, consortium, pk, number)
    form = TotalsForm(request.POST or None, instance=edition)
    if "take" in request.POST:
        services.take_sums(edition, by=request.user)
        return redirect(_index(edition))
    if form.is_valid():
        services.set_totals(edition, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(_index(edition))
    units = units_of(edition)
    context = {
        "edition": edition,
        "consortium": consortium,
        "units": units,
        "sums": sums_of(units),
        "form": form,
        "findings": findings(edition),
    }
    return render(request, "units/unit_index.html", context)


def unit_new(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    edition = _draft(request, consortium, pk, number)
    return _form_page(request, Unit(edition=edition), "units/unit_new.html")


def unit_edit(
    request: Request, consortium: Consortium, pk: int, number: int, unit: int
) -> HttpResponse:
    found = _unit(request, consortium, pk, number, unit)
    return _form_page(request, found, "units/unit_edit.html")


def _form_page(request: Request, unit: Unit, template: str) -> HttpResponse:
    """A unit with its skills; what was typed stays where somebody else saved it meanwhile."""
    edition = unit.edition
    form = UnitForm(request.POST or None, instance=unit)
    known = unit.taught.values("skill", "level") if unit.pk else []
    skills = SkillFormSet(request.POST or None, prefix="skills", initial=list(known))
    context: dict[str, Any] = {"form": form, "skills": skills, "unit": unit, "edition": edition}
    if request.method == "POST" and all([form.is_valid(), skills.is_valid()]):
        try:
            services.save_unit(
                form.save(commit=False),
                skills=skills.chosen(),
                version=form.cleaned_data["version"],
                by=request.user,
                side=side_of(request.user, edition),
            )
        except services.Outdated as outdated:
            context["outdated"] = outdated.unit
            context["form"] = _again(request, outdated.unit)
        else:
            messages.success(request, _("Saved."))
            another = "another" in request.POST
            return redirect("units:unit_new" if another else "units:unit_index", *_place(edition))
    context |= {"consortium": edition.standard.consortium, "cancel": _index(edition)}
    return render(request, template, context)


def _again(request: Request, stored: Unit) -> UnitForm:
    """What was typed, to be saved over the version that is stored now."""
    typed = request.POST.copy()
    typed["version"] = str(stored.version)
    return UnitForm(typed, instance=stored)


@require_POST
def unit_remove(
    request: Request, consortium: Consortium, pk: int, number: int, unit: int
) -> HttpResponse:
    found = _unit(request, consortium, pk, number, unit)
    side = side_of(request.user, found.edition)
    services.remove_unit(found, by=request.user, side=side)
    return redirect(_index(found.edition))


@require_POST
def unit_move(  # noqa: PLR0913, PLR0917  the address names each
    request: Request, consortium: Consortium, pk: int, number: int, unit: int, step: str
) -> HttpResponse:
    found = _unit(request, consortium, pk, number, unit)
    if step not in STEPS:
        raise Http404
    services.move_unit(found, STEPS[step], by=request.user)
    return redirect(_index(found.edition))


def _draft(request: Request, consortium: Consortium, pk: int, number: int) -> Edition:
    """The edition, where the reader may change it."""
    rows = visible_editions(request.user).filter(standard__consortium=consortium)
    edition = get_object_or_404(rows, standard=pk, number=number)
    policy.may_write(request.user, edition).enforce()
    return edition


def _unit(request: Request, consortium: Consortium, pk: int, number: int, unit: int) -> Unit:
    edition = _draft(request, consortium, pk, number)
    return get_object_or_404(policy.visible_units(edition), pk=unit)


def _place(edition: Edition) -> list[Any]:
    return [edition.standard.consortium, edition.standard_id, edition.number]


def _index(edition: Edition) -> str:
    return reverse("units:unit_index", args=_place(edition))
