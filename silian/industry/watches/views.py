"""My saved searches: keep one of the hall, change how often it tells, remove it."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.consortia.policy import visible_consortia
from silian.industry.hall.filters import PositionFilter
from silian.industry.hall.policy import visible_postings
from silian.industry.hall.tables import EverywhereTable
from silian.industry.watches import policy, services
from silian.industry.watches.forms import WatchForm
from silian.industry.watches.models import Watch
from silian.industry.watches.tables import WatchTable
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing

KEPT = 500  # characters of filters


def watch_index(request: Request) -> HttpResponse:
    listing = Listing(request, policy.visible_watches(request.user), WatchTable, name="watches")
    return listing.page("watches/watch_index.html")


def watch_new(request: Request) -> HttpResponse:
    """Keep the filters that the address brings from the hall."""
    policy.may_add(request.user).enforce()
    consortium = _consortium(request)
    asked = PositionFilter(request.GET, visible_postings(consortium), within=consortium)
    if not asked.form.is_valid():
        raise Http404
    watch = Watch(user=request.user, consortium=consortium, query=_query(request))
    return _form_page(request, watch, {"name": _words(request, consortium)})


def watch_detail(request: Request, pk: int) -> HttpResponse:
    """What the search finds now, the newest first."""
    watch = _visible(request, pk)
    rows = services.hits_of(watch).order_by("-published_at", "-pk")
    listing = Listing(request, rows, EverywhereTable, name="watch")
    context = {"watch": watch, "sound": services.is_sound(watch)}
    return listing.page("watches/watch_detail.html", context)


def watch_edit(request: Request, pk: int) -> HttpResponse:
    return _form_page(request, _visible(request, pk), {})


@require_POST
def watch_remove(request: Request, pk: int) -> HttpResponse:
    services.remove_watch(_visible(request, pk), by=request.user)
    messages.success(request, _("The search is removed; it will not tell you anything more."))
    return redirect("watches:watch_index")


def _visible(request: Request, pk: int) -> Watch:
    return get_object_or_404(policy.visible_watches(request.user), pk=pk)


def _consortium(request: Request) -> Consortium | None:
    slug = request.GET.get("in", "")
    return get_object_or_404(visible_consortia(request.user), slug=slug) if slug else None


def _query(request: Request) -> str:
    """The filters alone, always in the same order."""
    given = [
        (name, value)
        for name, values in sorted(request.GET.lists())
        if name not in {"in", "page", "sort", "since", "export"}
        for value in sorted(values)
        if value
    ]
    query = request.GET.copy()
    query.clear()
    for name, value in given:
        query.appendlist(name, value)
    return query.urlencode()[:KEPT]


def _words(request: Request, consortium: Consortium | None) -> str:
    """A name for the search, from its filters in the reader's words."""
    filters = partial(PositionFilter, within=consortium)
    chips = Listing(request, visible_postings(consortium), EverywhereTable, filters).chips  # type: ignore[arg-type]
    told = _(", ").join(chip.value for chip in chips)
    return (told or _("All positions"))[:100]


def _form_page(request: Request, watch: Watch, initial: dict[str, str]) -> HttpResponse:
    form = WatchForm(request.POST or None, instance=watch, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = services.save_watch(form.save(commit=False), by=request.user)
        messages.success(request, _("The search is saved."))
        return redirect("watches:watch_detail", saved.pk)
    return render(request, "watches/watch_form.html", {"form": form, "watch": watch})
