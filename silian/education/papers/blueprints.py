"""The pages of blueprints, and assembling a paper from one."""

from secrets import token_hex

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.banks.policy import banks_to_set_from
from silian.education.papers import assembly, policy, services
from silian.education.papers.forms import AssembleForm, BlueprintForm, CellFormSet
from silian.education.papers.models import Blueprint, Paper
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request


def blueprint_index(request: Request, consortium: Consortium) -> HttpResponse:
    if not policy.sees_papers(request.user, consortium):
        raise Http404
    rows = policy.visible_blueprints(request.user).filter(bank__consortium=consortium)
    context = {
        "consortium": consortium,
        "blueprints": rows,
        "may_begin": policy.may_begin(request.user, consortium),
    }
    return render(request, "papers/blueprint_index.html", context)


def blueprint_new(request: Request, consortium: Consortium) -> HttpResponse:
    if not policy.sees_papers(request.user, consortium):
        raise Http404
    policy.may_begin(request.user, consortium).enforce()
    cancel = reverse("papers:blueprint_index", args=[consortium])
    return _form_page(request, consortium, Blueprint(), cancel)


def blueprint_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    blueprint = _blueprint(request, consortium, pk)
    policy.may_plan(request.user, blueprint).enforce()
    return _form_page(request, consortium, blueprint, blueprint.get_absolute_url())


def blueprint_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Its lines, each with how many items there are for it today."""
    blueprint = _blueprint(request, consortium, pk)
    stock = assembly.stock_of(blueprint)
    context = {
        "object": blueprint,
        "blueprint": blueprint,
        "consortium": consortium,
        "stock": stock,
        "total": sum(line.cell.worth for line in stock),
        "items": sum(line.needed for line in stock),
        "lacking": assembly.rehearse(blueprint),
        "papers": policy.visible_papers(request.user).filter(blueprint=blueprint),
        "may_plan": policy.may_plan(request.user, blueprint),
    }
    return render(request, "papers/blueprint_detail.html", context)


def assemble(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """A paper from a blueprint; where it cannot be, which lines lack items."""
    blueprint = _blueprint(request, consortium, pk)
    policy.may_plan(request.user, blueprint).enforce()
    total = sum(line.cell.worth for line in assembly.stock_of(blueprint))
    paper = Paper(
        bank=blueprint.bank,
        occupation=blueprint.occupation,
        level=blueprint.level,
        blueprint=blueprint,
        total=total,
    )
    form = AssembleForm(total, request.POST or None, instance=paper)
    if form.is_valid():
        try:
            made = assembly.assemble_paper(
                form.save(commit=False),
                forms=form.cleaned_data["variants"],
                seed=token_hex(8),
                by=request.user,
            )
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Assembled. Look through it and hand it in."))
            return redirect(made.get_absolute_url())
    cancel = blueprint.get_absolute_url()
    context = {"form": form, "blueprint": blueprint, "consortium": consortium, "cancel": cancel}
    return render(request, "papers/assemble.html", context)


def _form_page(
    request: Request, consortium: Consortium, blueprint: Blueprint, cancel: str
) -> HttpResponse:
    banks = banks_to_set_from(request.user, consortium)
    form = BlueprintForm(banks, request.POST or None, instance=blueprint)
    known = list(blueprint.cells.values()) if blueprint.pk else []
    initial = [cell | {"skill": cell["skill_id"]} for cell in known]
    rows = CellFormSet(request.POST or None, prefix="cells", initial=initial)
    if request.method == "POST" and all([form.is_valid(), rows.is_valid()]):
        kept = services.keep_blueprint(form.save(commit=False), rows.cells(), by=request.user)
        return redirect(kept.get_absolute_url())
    context = {"form": form, "rows": rows, "consortium": consortium, "cancel": cancel}
    return render(request, "papers/blueprint_form.html", context | {"blueprint": blueprint})


def _blueprint(request: Request, consortium: Consortium, pk: int) -> Blueprint:
    rows = policy.visible_blueprints(request.user).filter(bank__consortium=consortium)
    return get_object_or_404(rows, pk=pk)
