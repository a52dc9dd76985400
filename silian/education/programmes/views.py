"""The programmes of a consortium and of a school, one programme, and its figures of years."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.programmes import policy, services
from silian.education.programmes.forms import CloseForm, FigureFormSet, ProgrammeForm
from silian.education.programmes.models import Programme, YearFigure
from silian.education.programmes.tables import (
    ConsortiumFilter,
    ConsortiumTable,
    ProgrammeFilter,
    ProgrammeTable,
)
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.charts import Chart
from silian.kernel.ui.listing import Listing

YEARS_ASKED = 6  # rows that an empty form of figures offers


@login_not_required
def programme_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """What the member schools train people for."""
    rows = policy.programmes_in(request.user, consortium)
    listing = Listing(request, rows, ConsortiumTable, ConsortiumFilter, name="programmes")
    own = policy.own_schools(request.user, consortium)
    context = {"consortium": consortium, "own_schools": own}
    return listing.page("programmes/programme_index.html", context)


@login_not_required
def school_programmes(request: PublicRequest, school: int) -> HttpResponse:
    found = _school(request, school)
    rows = policy.visible_programmes(request.user).filter(school=found)
    listing = Listing(request, rows, ProgrammeTable, ProgrammeFilter, name="programmes")
    context = {"school": found, "may_keep": policy.may_keep(request.user, found)}
    return listing.page("programmes/school_programmes.html", context)


@login_not_required
def programme_detail(request: PublicRequest, school: int, pk: int) -> HttpResponse:
    programme = _programme(request, school, pk)
    figures = list(policy.visible_figures(request.user, programme))
    context = {
        "object": programme,
        "figures": figures,
        "chart": _chart(figures),
        "occupations": programme.occupations.all(),
        "clusters": programme.clusters.select_related("consortium"),
        "may_keep": policy.may_keep(request.user, programme.school),
        "may_close": policy.may_close(request.user, programme),
        "may_reopen": policy.may_reopen(request.user, programme),
    }
    return render(request, "programmes/programme_detail.html", context)


def _chart(figures: list[YearFigure]) -> Chart | None:
    """Nothing where there are no figures; a year that says nothing stays a gap."""
    if not figures:
        return None
    series = {
        _("new students"): [figure.enrolled for figure in figures],
        _("number of graduates"): [figure.graduated for figure in figures],
    }
    years = [str(figure.year) for figure in figures]
    return Chart(_("New students and graduates"), years, series, kind="line")


def programme_new(request: Request, school: int) -> HttpResponse:
    found = _school(request, school)
    policy.may_keep(request.user, found).enforce()
    return _form_page(request, Programme(school=found))


def programme_edit(request: Request, school: int, pk: int) -> HttpResponse:
    programme = _programme(request, school, pk)
    policy.may_keep(request.user, programme.school).enforce()
    return _form_page(request, programme)


def _form_page(request: Request, programme: Programme) -> HttpResponse:
    form = ProgrammeForm(request.POST or None, instance=programme)
    if form.is_valid():
        saved = services.save_programme(
            form.save(commit=False),
            occupations=form.cleaned_data["occupations"],
            clusters=form.cleaned_data["clusters"],
            by=request.user,
        )
        messages.success(request, _("Saved."))
        return redirect(saved)
    register = reverse("programmes:school_programmes", args=[programme.school_id])
    cancel = programme.get_absolute_url() if programme.pk else register
    context = {"form": form, "school": programme.school, "cancel": cancel}
    return render(request, "programmes/programme_form.html", context)


def figures_edit(request: Request, school: int, pk: int) -> HttpResponse:
    """How many entered and left, year by year."""
    programme = _programme(request, school, pk)
    policy.may_keep(request.user, programme.school).enforce()
    formset = FigureFormSet(request.POST or None, initial=_known_years(request, programme))
    if request.method == "POST" and formset.is_valid():
        services.set_figures(programme, formset.figures(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(programme)
    context = {"programme": programme, "formset": formset, "cancel": programme.get_absolute_url()}
    return render(request, "programmes/figures_edit.html", context)


def _known_years(request: Request, programme: Programme) -> list[dict[str, Any]]:
    """What is known, and a row for each of the last years that is not."""
    known = policy.visible_figures(request.user, programme)
    rows: dict[int, Any] = {
        row["year"]: row for row in known.values("year", "enrolled", "graduated")
    }
    last = policy.latest_year()
    first = max(last - YEARS_ASKED + 1, programme.opened or 0)
    return [rows.get(year, {"year": year}) for year in sorted({*rows, *range(first, last + 1)})]


def programme_close(request: Request, school: int, pk: int) -> HttpResponse:
    programme = _programme(request, school, pk)
    policy.may_close(request.user, programme).enforce()
    form = CloseForm(programme, request.POST or None)
    if form.is_valid():
        services.close_programme(programme, by=request.user, **form.cleaned_data)
        return redirect(programme)
    context = {"form": form, "programme": programme, "cancel": programme.get_absolute_url()}
    return render(request, "programmes/programme_close.html", context)


@require_POST
def programme_reopen(request: Request, school: int, pk: int) -> HttpResponse:
    programme = _programme(request, school, pk)
    policy.may_reopen(request.user, programme).enforce()
    services.reopen_programme(programme, by=request.user)
    return redirect(programme)


def _school(request: PublicRequest, school: int) -> Organisation:
    return get_object_or_404(policy.visible_schools(request.user), pk=school)


def _programme(request: PublicRequest, school: int, pk: int) -> Programme:
    return get_object_or_404(policy.visible_programmes(request.user), pk=pk, school=school)
