from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from silian.kernel.codes import policy, services
from silian.kernel.codes.models import CodeList
from silian.kernel.http import PublicRequest

SHOWN = 50


@login_not_required
@require_safe
def code_lists(request: PublicRequest) -> HttpResponse:
    """Every list in every version, with where it comes from."""
    return render(request, "codes/code_lists.html", {"lists": policy.visible_lists()})


@login_not_required
@require_safe
def code_list(request: PublicRequest, kind: str, version: str) -> HttpResponse:
    """The top of one list, or what was searched in it."""
    codes = get_object_or_404(policy.visible_lists(), kind=kind, version=version)
    words = request.GET.get("q", "").strip()
    if words:
        entries = services.search_in(codes, words, limit=SHOWN)
    else:
        entries = list(codes.codes.filter(parent=None).annotate(below=Count("children")))
    context = {"list": codes, "entries": entries, "words": words, "shown": SHOWN}
    return render(request, "codes/code_list.html", context)


@login_not_required
@require_safe
def code_detail(request: PublicRequest, kind: str, version: str, code: str) -> HttpResponse:
    """One entry, what is above it and what is below it."""
    found = get_object_or_404(
        policy.visible_codes(), list__kind=kind, list__version=version, code=code
    )
    below = found.children.annotate(below=Count("children"))
    return render(request, "codes/code_detail.html", {"code": found, "entries": below})


@login_not_required
@require_safe
def code_search(request: PublicRequest, kind: str) -> JsonResponse:
    """What a CodeField offers while somebody types in it."""
    if kind not in CodeList.Kind.values:
        raise Http404
    words, level = request.GET.get("q", ""), request.GET.get("level", "")
    found = services.search(kind, words, min_level=int(level) if level.isdecimal() else 1)
    offers = [{"id": one.code, "text": services.label(one)} for one in found if words.strip()]
    return JsonResponse({"results": offers})
