"""The charter for everybody to read and compare, and the form by which a new version is adopted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.charters import policy, services
from silian.governance.charters.forms import Adoption
from silian.governance.charters.models import Charter
from silian.governance.charters.reading import (
    Content,
    compared,
    content_of,
    differences,
    values_in_words,
)
from silian.governance.charters.samples import FITTING, sample, samples
from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.http import PublicRequest, Request

NEWEST = "newest"


@login_not_required
def charter_list(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """The version in force in full, or the one to come where none is yet, with all others."""
    shown = policy.charter_of(consortium) or consortium.charters.last()
    return _page(request, consortium, shown)


@login_not_required
def charter_detail(request: PublicRequest, consortium: Consortium, version: int) -> HttpResponse:
    rows = policy.visible_charters(request.user).filter(consortium=consortium)
    return _page(request, consortium, get_object_or_404(rows, version=version))


def _page(request: PublicRequest, consortium: Consortium, shown: Charter | None) -> HttpResponse:
    context: dict[str, Any] = {
        "consortium": consortium,
        "charter": shown,
        "versions": policy.visible_charters(request.user).filter(consortium=consortium),
        "in_force": policy.charter_of(consortium),
        "today": clock.today(),
        "samples": samples(),
        "may_adopt": policy.may_adopt(request.user, consortium),
    }
    if shown:
        content = content_of(shown)
        context |= {"content": content, "values": values_in_words(shown)}
    return render(request, "charters/charter_detail.html", context)


@login_not_required
def charter_compare(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """What one version sets otherwise than another: ``?from=1&to=2``, by default the last two."""
    rows = policy.visible_charters(request.user).filter(consortium=consortium)
    versions = {charter.version: charter for charter in rows}
    if len(versions) < 2:
        raise Http404
    newest, previous, *_rest = versions
    old = _chosen(versions, request.GET.get("from", ""), previous)
    new = _chosen(versions, request.GET.get("to", ""), newest)
    context = {
        "consortium": consortium,
        "versions": rows,
        "old": old,
        "new": new,
        "differences": differences(content_of(old), content_of(new)),
        "texts": [
            (_("Text in Chinese"), list(compared(old.text_zh, new.text_zh))),
            (_("Text in English"), list(compared(old.text_en, new.text_en))),
        ],
    }
    return render(request, "charters/charter_compare.html", context)


def _chosen(versions: dict[int, Charter], wanted: str, otherwise: int) -> Charter:
    number = int(wanted) if wanted.isdecimal() else otherwise
    return versions.get(number, versions[otherwise])


@login_not_required
def sample_detail(request: PublicRequest, consortium: Consortium, name: str) -> HttpResponse:
    """A sample charter; each value with the place where it was found."""
    try:
        shown = sample(name)
    except KeyError:
        raise Http404 from None
    context = {
        "consortium": consortium,
        "sample": shown,
        "content": shown.content_for(consortium),
        "may_adopt": policy.may_adopt(request.user, consortium),
    }
    return render(request, "charters/sample_detail.html", context)


def charter_new(request: Request, consortium: Consortium) -> HttpResponse:
    """A new version, which begins as the newest one or as a sample (``?from=``)."""
    policy.may_adopt(request.user, consortium).enforce()
    newest = consortium.charters.first()
    start = request.GET.get("from") or (
        NEWEST if newest else FITTING[Consortium.Kind(consortium.kind)]
    )
    adoption = Adoption(_start(consortium, newest, start), request.POST or None)
    if adoption.is_valid() and (charter := _adopted(adoption, request)):
        messages.success(request, _("The charter is adopted."))
        return redirect(charter)
    context = {
        "consortium": consortium,
        "adoption": adoption,
        "form": adoption.form,
        "start": start,
        "newest": newest,
        "samples": samples(),
        "cancel": reverse("charters:charter_list", args=[consortium]),
    }
    return render(request, "charters/charter_new.html", context)


def _start(consortium: Consortium, newest: Charter | None, name: str) -> Content:
    if newest and name == NEWEST:
        return content_of(newest)
    try:
        return sample(name).content_for(consortium)
    except KeyError:
        raise Http404 from None


def _adopted(adoption: Adoption, request: Request) -> Charter | None:
    """None where somebody else adopted a version meanwhile that this one contradicts."""
    content = adoption.content()
    try:
        return services.adopt_charter(
            content.charter,
            seats=content.seats,
            matters=content.matters,
            weights=content.weights,
            by=request.user,
        )
    except ValidationError as error:
        adoption.form.add_error(None, error)
        return None
