"""The kinds of body of a consortium: those that ship and its own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.bodykinds import policy, services
from silian.governance.bodykinds.forms import KindForm, parts_of
from silian.governance.bodykinds.models import Kind
from silian.governance.bodykinds.tables import KindTable
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def kind_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = list(policy.visible_kinds(request.user, consortium))
    for kind in rows:
        kind.page = _page(consortium, kind)  # type: ignore[attr-defined]
    context = {
        "consortium": consortium,
        "may_add": policy.may_add(request.user, consortium),
    }
    listing = Listing(request, rows, KindTable, name="kinds", per_page=100)
    return listing.page("bodykinds/kind_index.html", context)


@login_not_required
def kind_detail(request: PublicRequest, consortium: Consortium, code: str) -> HttpResponse:
    kind = _kind(request, consortium, code)
    context = {
        "object": kind,
        "kind": kind,
        "consortium": consortium,
        "may_edit": policy.may_edit(request.user, kind),
        "may_add": policy.may_add(request.user, consortium),
    }
    return render(request, "bodykinds/kind_detail.html", context)


def _kind(request: PublicRequest, consortium: Consortium, code: str) -> Kind:
    return get_object_or_404(policy.visible_kinds(request.user, consortium), code=code)


def _page(consortium: Consortium, kind: Kind) -> str:
    return reverse("bodykinds:kind_detail", args=[consortium, kind.code])


def kind_new(request: Request, consortium: Consortium) -> HttpResponse:
    """A kind of one's own, filled in after the kind that ``?like=`` names."""
    policy.may_add(request.user, consortium).enforce()
    like = policy.visible_kinds(request.user, consortium).filter(code=request.GET.get("like"))
    return _kind_form(request, Kind(consortium=consortium), like=like.first())


def kind_edit(request: Request, consortium: Consortium, code: str) -> HttpResponse:
    kind = _kind(request, consortium, code)
    policy.may_edit(request.user, kind).enforce()
    return _kind_form(request, kind)


def _kind_form(request: Request, kind: Kind, like: Kind | None = None) -> HttpResponse:
    assert kind.consortium
    copied = {name: getattr(like, name) for name in KindForm.Meta.fields} if like else {}
    copied |= {"name_zh": "", "name_en": ""} if like else {}
    form = KindForm(request.POST or None, instance=kind, initial=copied)
    parts = parts_of(kind, request.POST or None, like)
    if request.POST and all([form.is_valid(), *(rows.is_valid() for rows in parts.values())]):
        try:
            saved = services.save_kind(
                form.save(commit=False), parts=parts.values(), by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(_page(kind.consortium, saved))
    cancel = reverse("bodykinds:kind_index", args=[kind.consortium])
    context: dict[str, Any] = {"consortium": kind.consortium, "form": form, "cancel": cancel}
    context |= {"kind": kind, "parts": _titled(parts)}
    return render(request, "bodykinds/kind_form.html", context)


def _titled(parts: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Each part with its title and what a further row is called."""
    words = {
        "roles": (_("Roles of its people"), _("Add a role")),
        "fields": (_("Questions of the application"), _("Add a question")),
        "grades": (_("Grades of an appraisal"), _("Add a grade")),
    }
    return [(*words[name], rows) for name, rows in parts.items()]
