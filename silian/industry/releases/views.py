"""The releases of a consortium: the list, one release, and its way from draft to publication."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.industry.releases import papers, policy, services
from silian.industry.releases.forms import ForewordForm, LineForm, NewReleaseForm
from silian.industry.releases.models import Release
from silian.industry.releases.tables import DraftLineTable, LineFilter, LineTable, ReleaseTable
from silian.kernel.documents.services import written
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing

VERBS = "edit recount publish correct drop".split()
YEARS = 8  # that the chart over the years shows


@login_not_required
def release_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_releases(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_prepare": policy.may_prepare(request.user, consortium),
    }
    listing = Listing(request, rows, ReleaseTable, name="releases")
    return listing.page("releases/release_index.html", context)


@login_not_required
def release_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    release = _visible(request, consortium, pk)
    rows = policy.visible_lines(request.user, release)
    lines = list(rows)
    draft = release.state == Release.State.DRAFT
    published = policy.visible_releases(request.user).filter(consortium=consortium)
    same_year = published.filter(year=release.year)
    years = published.filter(state=Release.State.PUBLISHED, year__lte=release.year)
    totals = [(one.year, one.places or 0) for one in years[:YEARS]][::-1]
    context = {
        "object": release,
        "consortium": consortium,
        "title": papers.title_of(release),
        "method": papers.method_of(release),
        "pay_note": papers.pay_note(),
        "hidden": sum(line.pay_hidden for line in lines),
        "changed": [line for line in lines if line.remark],
        "breakdowns": papers.breakdowns(lines),
        "charts": papers.charts_of(lines, totals) if lines else [],
        "versions": [one for one in same_year if one.state in Release.PUBLIC],
        "inside": policy.may_prepare(request.user, consortium),
    }
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, release) for v in VERBS}
    table = DraftLineTable if draft and context["may_edit"] else LineTable
    name = f"demand-{consortium.slug}-{release.year}"
    listing = Listing(request, rows, table, LineFilter, name=name)
    listing.table.exclude = () if context["changed"] else ("remark",)
    return listing.page("releases/release_detail.html", context)


@login_not_required
def release_data(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    release = _visible(request, consortium, pk)
    found = papers.data_of(release) | {"digest": release.digest}
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


@login_not_required
def release_paper(
    request: PublicRequest, consortium: Consortium, pk: int, ending: str
) -> HttpResponse:
    if ending not in ("pdf", "docx"):
        raise Http404
    release = _visible(request, consortium, pk)
    lines = list(policy.visible_lines(request.user, release))
    title, facts = papers.title_of(release), papers.facts_of(release)
    return written(papers.markdown_of(release, lines), ending, title=title, facts=facts)


def release_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_prepare(request.user, consortium).enforce()
    year, start, end = policy.suggested_period(consortium)
    initial = {"year": year, "starts_on": start, "ends_on": end}
    form = NewReleaseForm(request.POST or None, initial=initial, consortium=consortium)
    if request.method == "POST" and form.is_valid():
        release = services.prepare_release(consortium, by=request.user, **form.cleaned_data)
        return redirect(release)
    context = {
        "form": form,
        "consortium": consortium,
        "cancel": reverse("releases:release_index", args=[consortium]),
    }
    return render(request, "releases/release_new.html", context)


def release_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    release = _visible(request, consortium, pk)
    policy.may_edit(request.user, release).enforce()
    form = ForewordForm(request.POST or None, instance=release)
    if request.method == "POST" and form.is_valid():
        services.edit_release(form.save(commit=False), by=request.user)
        return redirect(release)
    context = {"form": form, "consortium": consortium, "cancel": release.get_absolute_url()}
    return render(request, "releases/release_edit.html", context | {"release": release})


def line_edit(request: Request, consortium: Consortium, pk: int, line: int) -> HttpResponse:
    release = _visible(request, consortium, pk)
    policy.may_edit(request.user, release).enforce()
    found = get_object_or_404(policy.visible_lines(request.user, release), pk=line)
    form = LineForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        services.change_line(found, by=request.user, **form.cleaned_data)
        return redirect(release)
    context = {"form": form, "consortium": consortium, "cancel": release.get_absolute_url()}
    return render(request, "releases/line_edit.html", context | {"line": found})


@require_POST
def release_recount(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    release = _visible(request, consortium, pk)
    policy.may_recount(request.user, release).enforce()
    services.recount_release(release, by=request.user)
    messages.success(request, _("Counted anew."))
    return redirect(release)


@require_POST
def release_publish(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    release = _visible(request, consortium, pk)
    policy.may_publish(request.user, release).enforce()
    services.publish_release(release, by=request.user)
    messages.success(request, _("Published."))
    return redirect(release)


@require_POST
def release_correct(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    release = _visible(request, consortium, pk)
    policy.may_correct(request.user, release).enforce()
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        messages.error(request, _("Please give a reason."))
        return redirect(release)
    return redirect(services.correct_release(release, reason=reason, by=request.user))


@require_POST
def release_drop(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    release = _visible(request, consortium, pk)
    policy.may_drop(request.user, release).enforce()
    services.drop_release(release, by=request.user)
    return redirect("releases:release_index", consortium)


def _visible(request: PublicRequest, consortium: Consortium, pk: int) -> Release:
    return get_object_or_404(policy.visible_releases(request.user), pk=pk, consortium=consortium)
