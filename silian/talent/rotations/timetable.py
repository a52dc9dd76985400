"""What a plan looks like: the rows of its timetable, and how many are at each firm at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from silian.governance.members.models import Organisation
from silian.talent.cohorts.models import Cohort
from silian.talent.rotations.models import Capacity, Group, Phase, Stay


@dataclass(frozen=True)
class Heads:
    """How many of the cohort are at one firm in one phase, at most at the same time."""

    phase: Phase
    firm: Organisation
    heads: int
    places: int | None  # None: the firm has not said
    posts: str

    @property
    def too_many(self) -> bool:
        return self.places is not None and self.heads > self.places


def groups_of(cohort: Cohort) -> list[Group]:
    """Each with ``size``, its learners who have a place."""
    placed = Q(members__learner__state__in=["selected", "completed"])
    return list(cohort.groups.annotate(size=Count("members", filter=placed)))


def heads_of(cohort: Cohort) -> list[Heads]:
    """Every phase and firm of which a stay or a capacity speaks."""
    sizes = {group.pk: group.size for group in groups_of(cohort)}  # type: ignore[attr-defined]
    stays = Stay.objects.filter(group__cohort=cohort).exclude(site=cohort.school_id)
    capacities = Capacity.objects.filter(phase__cohort=cohort).select_related("firm", "phase")
    said = {(one.phase_id, one.firm_id): one for one in capacities}
    phases = {phase.pk: phase for phase in cohort.phases.all()}
    by_place: dict[tuple[int, int], list[Stay]] = {key: [] for key in said}
    firms = {one.firm_id: one.firm for one in said.values()}
    for stay in stays.select_related("site"):
        by_place.setdefault((stay.phase_id, stay.site_id), []).append(stay)
        firms[stay.site_id] = stay.site
    found = [
        Heads(
            phases[phase],
            firms[firm],
            peak((stay.starts_on, stay.ends_on, sizes.get(stay.group_id, 0)) for stay in there),
            said[phase, firm].places if (phase, firm) in said else None,
            said[phase, firm].posts if (phase, firm) in said else "",
        )
        for (phase, firm), there in by_place.items()
    ]
    return sorted(found, key=lambda one: (one.phase.order, one.firm.pk))


def peak(spans: Iterable[tuple[date, date, int]]) -> int:
    """The most that are there on one day, both ends of each span counting."""
    changes: dict[date, int] = {}
    for first, last, size in spans:
        changes[first] = changes.get(first, 0) + size
        after = last + timedelta(days=1)
        changes[after] = changes.get(after, 0) - size
    most = now = 0
    for day in sorted(changes):
        now += changes[day]
        most = max(most, now)
    return most


def rows_of(cohort: Cohort) -> list[tuple[Group, list[Stay]]]:
    """Each group with its stays in order."""
    stays: dict[int, list[Stay]] = {}
    rows = Stay.objects.filter(group__cohort=cohort).select_related("site", "phase")
    for stay in rows.order_by("starts_on"):
        stays.setdefault(stay.group_id, []).append(stay)
    return [(group, stays.get(group.pk, [])) for group in groups_of(cohort)]
