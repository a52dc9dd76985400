from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from silian.kernel.http import PublicRequest
from silian.kernel.search import services

PAGE, SUGGESTED = 20, 6


@login_not_required
@require_safe
def search(request: PublicRequest) -> HttpResponse:
    """Everything the reader may find, by kind."""
    words, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    results = services.find(request.user, words, kind, request.GET.get("in", ""))
    page = Paginator(results, PAGE).get_page(request.GET.get("page"))
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    context = {
        "words": words,
        "kind": kind,
        "results": results,
        "everything": sum(facet.count for facet in results.facets),
        "page": page,
        "listing": {"current": page, "total": results.total, "pages": pages},
    }
    return render(request, "search/search.html", context)


@login_not_required
@require_safe
def suggest(request: PublicRequest) -> HttpResponse:
    """The best few, as a list under the search box of the header."""
    words = request.GET.get("q", "").strip()
    results = services.find(request.user, words, consortium=request.GET.get("in", ""))
    context = {"words": words, "results": results, "hits": results[:SUGGESTED]}
    return render(request, "search/suggestions.html", context)
