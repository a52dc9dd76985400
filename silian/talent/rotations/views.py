"""The joint plan of a cohort: phases, lessons, groups, rotation, places."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.calendars.events import entries
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.policy import may_take_part, visible_cohorts
from silian.talent.rotations import forms, policy, services, timetable
from silian.talent.rotations.models import Capacity, Group, Lesson, Phase, Stay
from silian.talent.rotations.receivers import event_of
from silian.talent.rotations.tables import StayFilter, StayTable
from silian.talent.selections.policy import learners_in

PARTS: dict[str, tuple[Callable[..., Any], Any]] = {  # what is seen of each, and its form
    "phases": (policy.visible_phases, forms.PhaseForm),
    "lessons": (policy.visible_lessons, forms.LessonForm),
    "places": (policy.visible_capacities, forms.CapacityForm),
    "groups": (policy.visible_groups, forms.GroupForm),
    "stays": (policy.visible_stays, forms.StayForm),
}


@login_not_required
def plan(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    inside = bool(may_take_part(request.user, cohort))
    phases = policy.visible_phases(request.user).filter(cohort=cohort)
    context = {
        "cohort": cohort,
        "consortium": consortium,
        "inside": inside,
        "phases": phases.prefetch_related("lessons__unit__edition__standard", "capacities__firm"),
        "rows": timetable.rows_of(cohort),
        "heads": timetable.heads_of(cohort),
        "may_plan": policy.may_plan(request.user, cohort),
        "rotate": forms.RotateForm(cohort),
    }
    return render(request, "rotations/plan.html", context)


@login_not_required
def stay_index(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    rows = policy.visible_stays(request.user).filter(group__cohort=cohort)
    listing = Listing(request, rows, StayTable, StayFilter, name="rotation")
    return listing.page("rotations/stay_index.html", {"cohort": cohort, "consortium": consortium})


@login_not_required
def events(request: PublicRequest, consortium: Consortium, pk: int) -> JsonResponse:
    """The rotation for the calendar on the page."""
    cohort = _cohort(request, consortium, pk)
    stays = policy.visible_stays(request.user).filter(group__cohort=cohort)
    return JsonResponse(entries(event_of(stay) for stay in stays), safe=False)


def part_new(request: Request, consortium: Consortium, pk: int, part: str) -> HttpResponse:
    """A new part of the plan; lessons and places belong to the phase that the address names."""
    cohort = _planned(request, consortium, pk)
    if part in ("lessons", "places"):
        key = request.GET.get("phase", "")
        rows = policy.visible_phases(request.user).filter(cohort=cohort)
        phase = get_object_or_404(rows, pk=key if key.isdecimal() else 0)
        blank: Any = Lesson(phase=phase) if part == "lessons" else Capacity(phase=phase)
    elif part == "phases":
        blank = Phase(cohort=cohort, order=cohort.phases.count() + 1)
    elif part in PARTS:
        blank = Group(cohort=cohort) if part == "groups" else Stay()
    else:
        raise Http404
    return _part_page(request, cohort, part, blank)


def part_edit(
    request: Request, consortium: Consortium, pk: int, part: str, key: int
) -> HttpResponse:
    cohort = _planned(request, consortium, pk)
    return _part_page(request, cohort, part, _part(request, cohort, part, key))


@require_POST
def part_remove(
    request: Request, consortium: Consortium, pk: int, part: str, key: int
) -> HttpResponse:
    cohort = _planned(request, consortium, pk)
    services.remove_part(_part(request, cohort, part, key), cohort, by=request.user)
    return redirect("rotations:plan", consortium, pk)


@require_POST
def rotate(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _planned(request, consortium, pk)
    form = forms.RotateForm(cohort, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a phase, an enterprise and the weeks at each place."))
        return redirect("rotations:plan", consortium, pk)
    data = form.cleaned_data
    try:
        services.rotate(data["phase"], firm=data["firm"], weeks=data["weeks"], by=request.user)
        messages.success(request, _("The rotation of this phase is planned."))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("rotations:plan", consortium, pk)


def _cohort(request: PublicRequest, consortium: Consortium, pk: int) -> Cohort:
    return get_object_or_404(visible_cohorts(request.user), pk=pk, consortium=consortium)


def _planned(request: Request, consortium: Consortium, pk: int) -> Cohort:
    cohort = _cohort(request, consortium, pk)
    policy.may_plan(request.user, cohort).enforce()
    return cohort


def _part(request: Request, cohort: Cohort, part: str, key: int) -> Any:
    if part not in PARTS:
        raise Http404
    path = {"phases": "cohort", "groups": "cohort", "stays": "group__cohort"}.get(
        part, "phase__cohort"
    )
    return get_object_or_404(PARTS[part][0](request.user), **{"pk": key, path: cohort})


def _part_page(request: Request, cohort: Cohort, part: str, found: Any) -> HttpResponse:
    own: list[Any] = [cohort]
    if part == "groups":
        own.append(learners_in(request.user, cohort).filter(state__in=["selected", "completed"]))
    form = PARTS[part][1](*own, request.POST or None, instance=found)
    plan_url = reverse("rotations:plan", args=[cohort.consortium, cohort.pk])
    if request.method == "POST" and form.is_valid() and _saved(request, cohort, part, form):
        return redirect(plan_url)
    context = {
        "form": form,
        "cohort": cohort,
        "consortium": cohort.consortium,
        "part": part,
        "found": found,
        "cancel": plan_url,
    }
    return render(request, "rotations/part_form.html", context)


def _saved(request: Request, cohort: Cohort, part: str, form: Any) -> bool:
    row = form.save(commit=False)
    try:
        if part == "groups":
            services.save_group(row, learners=form.cleaned_data["learners"], by=request.user)
        else:
            services.save_part(row, cohort, by=request.user)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return False
    return True
