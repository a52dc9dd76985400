"""How programmes stand to live demand, each skill down to the postings and units behind it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from silian.education.gaps import policy, services, tasks
from silian.education.gaps.models import Line, Snapshot
from silian.education.gaps.tables import (
    LineFilter,
    LineTable,
    ProgrammeFilter,
    ProgrammeTable,
    percent,
)
from silian.education.programmes.models import Programme
from silian.education.standards.policy import visible_editions
from silian.governance.consortia.models import Consortium
from silian.industry.demand.policy import visible_positions
from silian.kernel.http import Request
from silian.kernel.jobs import services as jobs
from silian.kernel.ui.charts import Chart
from silian.kernel.ui.formats import day
from silian.kernel.ui.listing import Listing

SHOWN = "index missing thin covered surplus".split()


def gap_index(request: Request, consortium: Consortium) -> HttpResponse:
    """The programmes of member schools, each with its latest comparison."""
    policy.may_look(request.user, consortium).enforce()
    seen = policy.visible_snapshots(request.user).filter(
        consortium=consortium, programme=OuterRef("pk")
    )
    latest = {name: Subquery(seen.values(name)[:1]) for name in SHOWN}
    rows = policy.visible_programmes(request.user, consortium)
    rows = rows.annotate(**latest, computed=Subquery(seen.values("at")[:1]))
    rows = rows.order_by(F("computed").desc(nulls_last=True), "school", "name_zh")
    url = reverse("gaps:gap_index", args=[consortium])
    context = {
        "consortium": consortium,
        "may_compare_all": policy.may_compare_all(request.user, consortium),
        "job": policy.visible_comparisons(request.user, url).first(),
    }
    listing = Listing(request, rows, ProgrammeTable, ProgrammeFilter, name="gaps")
    return listing.page("gaps/gap_index.html", context)


@require_POST
def gap_compare(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_compare_all(request.user, consortium).enforce()
    url = reverse("gaps:gap_index", args=[consortium])
    title = gettext_noop("Compare programmes with demand")
    jobs.start(
        tasks.compare_programmes,
        title=title,
        by=request.user,
        url=url,
        consortium_id=consortium.pk,
    )
    return redirect(url)


def programme_gap(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The latest comparison of a programme, or why there is none."""
    programme = _programme(request, consortium, pk)
    latest = _snapshots(request, consortium).filter(programme=programme).first()
    if latest:
        return redirect(latest)
    context = {
        "programme": programme,
        "consortium": consortium,
        "may_compare": policy.may_compare(request.user, programme, consortium),
    }
    return render(request, "gaps/programme_gap.html", context)


@require_POST
def programme_compare(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    programme = _programme(request, consortium, pk)
    policy.may_compare(request.user, programme, consortium).enforce()
    snapshot = services.compare_programme(programme, consortium, by=request.user)
    return redirect(snapshot)


def snapshot_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """One comparison: its figures, its skills, and how it came about."""
    snapshot = _snapshot(request, consortium, pk)
    programme = snapshot.programme
    history = _snapshots(request, consortium).filter(programme=programme)[:12]
    may_compare = policy.may_compare(request.user, programme, consortium)
    newest = history[0] == snapshot
    context = {
        "object": snapshot,
        "consortium": consortium,
        "history": history,
        "index": "" if snapshot.index is None else percent(snapshot.index),
        "chart": _chart(list(history)),
        "newest": newest,
        "changed": newest and may_compare and services.has_changed(programme, consortium),
        "may_compare": may_compare,
        "may_publish": policy.may_publish(request.user, snapshot),
    }
    lines = policy.visible_lines(request.user, snapshot)
    listing = Listing(request, lines, LineTable, LineFilter, name=f"gap-{snapshot.pk}", per_page=50)
    return listing.page("gaps/snapshot_detail.html", context)


@require_POST
def snapshot_publish(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    snapshot = _snapshot(request, consortium, pk)
    policy.may_publish(request.user, snapshot).enforce()
    services.publish_snapshot(snapshot, by=request.user)
    return redirect(snapshot)


@require_POST
def snapshot_withdraw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    snapshot = _snapshot(request, consortium, pk)
    policy.may_publish(request.user, snapshot).enforce()
    services.withdraw_snapshot(snapshot, by=request.user)
    return redirect(snapshot)


def line_detail(request: Request, consortium: Consortium, pk: int, line: int) -> HttpResponse:
    """One skill of a comparison with the postings and course units it comes from."""
    found = _line(request, consortium, pk, line)
    asking, teaching = found.asking, found.teaching
    seen = visible_positions(request.user).filter(pk__in=[row["id"] for row in asking])
    pages = {position.pk: position.get_absolute_url() for position in seen}
    editions = visible_editions(request.user).filter(pk__in=[u["edition_id"] for u in teaching])
    shelf = {edition.pk: edition.get_absolute_url() for edition in editions}
    context = {
        "object": found,
        "snapshot": found.snapshot,
        "consortium": consortium,
        "asking": [row | {"url": pages.get(row["id"], "")} for row in asking],
        "teaching": [row | {"url": shelf.get(row["edition_id"], "")} for row in teaching],
        "may_request": policy.may_request(request.user, found),
        "open": policy.open_request(found),
    }
    return render(request, "gaps/line_detail.html", context)


@require_POST
def line_request(request: Request, consortium: Consortium, pk: int, line: int) -> HttpResponse:
    found = _line(request, consortium, pk, line)
    policy.may_request(request.user, found).enforce()
    try:
        services.request_change(found, by=request.user)
        messages.success(request, _("The change is asked for; the school is told."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(found)


def _snapshots(request: Request, consortium: Consortium) -> QuerySet[Snapshot]:
    return policy.visible_snapshots(request.user).filter(consortium=consortium)


def _snapshot(request: Request, consortium: Consortium, pk: int) -> Snapshot:
    return get_object_or_404(_snapshots(request, consortium), pk=pk)


def _programme(request: Request, consortium: Consortium, pk: int) -> Programme:
    return get_object_or_404(policy.visible_programmes(request.user, consortium), pk=pk)


def _line(request: Request, consortium: Consortium, pk: int, line: int) -> Line:
    snapshot = _snapshot(request, consortium, pk)
    return get_object_or_404(policy.visible_lines(request.user, snapshot), pk=line)


def _chart(history: list[Snapshot]) -> Chart | None:
    """How coverage went, from the oldest to the newest."""
    known = [snapshot for snapshot in reversed(history) if snapshot.index is not None]
    if len(known) < 2:
        return None
    return Chart(
        _("Coverage over time"),
        [day(snapshot.at.date()) for snapshot in known],
        {_("coverage"): [round(100 * (snapshot.index or 0)) for snapshot in known]},
        kind="line",
        unit="%",
    )
