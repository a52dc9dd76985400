"""The register of examiners of a consortium."""

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.examiners import policy, services
from silian.education.examiners.forms import CardForm, ExaminerForm, RelationForm
from silian.education.examiners.models import Card, Examiner
from silian.education.examiners.tables import (
    COLOURS,
    VALIDITY,
    ExaminerFilter,
    ExaminerTable,
    validity_of,
)
from silian.governance.consortia.models import Consortium
from silian.kernel.documents.services import download
from silian.kernel.files import services as files
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def examiner_index(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_read(request.user, consortium).enforce()
    rows = policy.visible_examiners(request.user).filter(consortium=consortium)
    rows = rows.annotate(until=Max("cards__valid_until")).prefetch_related("cards__occupation")
    listing = Listing(request, rows, ExaminerTable, ExaminerFilter, name="examiners")
    context = {
        "consortium": consortium,
        "may_register": policy.may_register(request.user, consortium),
    }
    return listing.page("examiners/examiner_index.html", context)


def examiner_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Cards, and for the examiner and the secretariat whom they do not judge."""
    examiner = examiner_of(request, consortium, pk)
    words = dict(VALIDITY)
    cards = [
        (card, words[validity_of(card)], COLOURS[validity_of(card)])
        for card in policy.visible_cards(request.user).filter(examiner=examiner)
    ]
    may_declare = policy.may_declare(request.user, examiner)
    context = {
        "object": examiner,
        "consortium": consortium,
        "cards": cards,
        "relations": [
            (one, policy.may_withdraw(request.user, one))
            for one in policy.visible_relations(request.user).filter(examiner=examiner)
        ],
        "may_keep": policy.may_keep(request.user, examiner),
        "may_declare": may_declare,
    }
    return render(request, "examiners/examiner_detail.html", context)


def examiner_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_register(request.user, consortium).enforce()
    return _examiner_page(request, Examiner(consortium=consortium))


def examiner_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    examiner = examiner_of(request, consortium, pk)
    policy.may_keep(request.user, examiner).enforce()
    return _examiner_page(request, examiner)


def _examiner_page(request: Request, examiner: Examiner) -> HttpResponse:
    form = ExaminerForm(request.POST or None, instance=examiner)
    if request.method == "POST" and form.is_valid():
        saved = services.save_examiner(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    index = reverse("examiners:examiner_index", args=[examiner.consortium])
    cancel = examiner.get_absolute_url() if examiner.pk else index
    context = {"form": form, "consortium": examiner.consortium, "cancel": cancel}
    return render(request, "examiners/examiner_form.html", context)


def card_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    examiner = examiner_of(request, consortium, pk)
    policy.may_keep(request.user, examiner).enforce()
    return _card_page(request, Card(examiner=examiner))


def card_edit(request: Request, consortium: Consortium, pk: int, card: int) -> HttpResponse:
    found = card_of(request, consortium, pk, card)
    policy.may_keep(request.user, found.examiner).enforce()
    return _card_page(request, found)


def _card_page(request: Request, card: Card) -> HttpResponse:
    form = CardForm(request.POST or None, request.FILES or None, instance=card)
    if request.method == "POST" and form.is_valid():
        scan = form.cleaned_data["scan"]
        services.save_card(form.save(commit=False), by=request.user, scan=scan)
        messages.success(request, _("Saved."))
        return redirect(card.examiner)
    return _form(request, "examiners/card_form.html", form, card.examiner)


@require_POST
def card_remove(request: Request, consortium: Consortium, pk: int, card: int) -> HttpResponse:
    found = card_of(request, consortium, pk, card)
    policy.may_keep(request.user, found.examiner).enforce()
    services.remove_card(found, by=request.user)
    return redirect(found.examiner)


def card_scan(request: Request, consortium: Consortium, pk: int, card: int) -> HttpResponse:
    found = card_of(request, consortium, pk, card)
    policy.may_see_scan(request.user, found).enforce()
    if found.document is None:
        raise Http404
    return download(files.read(found.document), found.document.name)


def relation_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    examiner = examiner_of(request, consortium, pk)
    policy.may_declare(request.user, examiner).enforce()
    form = RelationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.declare_relation(examiner, **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(examiner)
    return _form(request, "examiners/relation_form.html", form, examiner)


@require_POST
def relation_withdraw(
    request: Request, consortium: Consortium, pk: int, relation: int
) -> HttpResponse:
    examiner = examiner_of(request, consortium, pk)
    policy.may_declare(request.user, examiner).enforce()
    rows = policy.visible_relations(request.user).filter(examiner=examiner)
    found = get_object_or_404(rows, pk=relation)
    policy.may_withdraw(request.user, found).enforce()
    services.withdraw_relation(found, by=request.user)
    return redirect(examiner)


def _form(request: Request, template: str, form: Any, examiner: Examiner) -> HttpResponse:
    context = {
        "form": form,
        "examiner": examiner,
        "consortium": examiner.consortium,
        "cancel": examiner.get_absolute_url(),
    }
    return render(request, template, context)


# --- finding ----------------------------------------------------------------------------


def examiner_of(request: Request, consortium: Consortium, pk: int) -> Examiner:
    return get_object_or_404(policy.visible_examiners(request.user), pk=pk, consortium=consortium)


def card_of(request: Request, consortium: Consortium, pk: int, card: int) -> Card:
    rows = policy.visible_cards(request.user).filter(examiner=examiner_of(request, consortium, pk))
    return get_object_or_404(rows, pk=card)
