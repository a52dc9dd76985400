"""By which rules people pass, for everybody to read; and setting them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.schemes import policy, services, terms
from silian.education.schemes.forms import PartForms, SchemeForm
from silian.education.schemes.levels import SkillLevel
from silian.education.schemes.models import Scheme
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request


@login_not_required
def scheme_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """What is usual at each level, and what was set otherwise."""
    rows = policy.visible_schemes(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "levels": [
            (label, terms.parts_said(terms.frozen(terms.usual(level), terms.usual_parts(level))))
            for level, label in SkillLevel.choices
        ],
        "schemes": [
            (row, terms.parts_said(terms.frozen(row, row.parts.all())), may)
            for row in rows
            for may in [policy.may_change(request.user, row)]
        ],
        "may_set": policy.may_set(request.user, consortium),
    }
    return render(request, "schemes/scheme_index.html", context)


def scheme_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_set(request.user, consortium).enforce()
    asked = request.GET.get("level", "")
    level = asked if asked in SkillLevel.values else SkillLevel.FOUR
    return _page(request, Scheme(consortium=consortium, level=level))


def scheme_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    scheme = scheme_of(request, consortium, pk)
    policy.may_change(request.user, scheme).enforce()
    return _page(request, scheme)


@require_POST
def scheme_remove(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    scheme = scheme_of(request, consortium, pk)
    policy.may_change(request.user, scheme).enforce()
    services.remove_scheme(scheme, by=request.user)
    return redirect("schemes:scheme_index", consortium)


def _page(request: Request, scheme: Scheme) -> HttpResponse:
    data = request.POST or None
    form = SchemeForm(data, instance=scheme, by=request.user)
    parts = PartForms(scheme, data)
    index = reverse("schemes:scheme_index", args=[scheme.consortium])
    if request.method == "POST" and all([form.is_valid(), parts.is_valid()]):
        services.save_scheme(form.save(commit=False), parts.parts, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(index)
    context = {
        "form": form,
        "parts": parts,
        "consortium": scheme.consortium,
        "cancel": index,
        "may_change": policy.may_change(request.user, scheme) if scheme.pk else None,
    }
    return render(request, "schemes/scheme_form.html", context)


def scheme_of(request: Request, consortium: Consortium, pk: int) -> Scheme:
    return get_object_or_404(policy.visible_schemes(request.user), pk=pk, consortium=consortium)
