"""Comparing a programme with demand, and asking for what is missing."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.gaps import comparing, policy
from silian.education.gaps.models import Line, Snapshot
from silian.education.programmes.models import Programme
from silian.education.standards import services as standards
from silian.education.standards.models import ChangeRequest, Standard
from silian.engines.gaps import Gap
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import acts_for
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import move
from silian.kernel.ui.formats import day


@transaction.atomic
def compare_programme(programme: Programme, consortium: Consortium, *, by: User | None) -> Snapshot:
    """Compute how ``programme`` stands today, and keep what it was computed from."""
    inputs = comparing.gather(programme, consortium)
    snapshot = keep_comparison(programme, consortium, inputs=inputs, by=by)
    record(snapshot, gettext_noop("Programme compared with demand"), by=by, sha256=snapshot.digest)
    return snapshot


def keep_comparison(
    programme: Programme,
    consortium: Consortium,
    *,
    inputs: comparing.Inputs,
    by: User | None,
    at: datetime | None = None,
) -> Snapshot:
    """Write down what these inputs give, as of now or of an earlier moment."""
    gap = comparing.compared(inputs)
    counts = Counter(line.outcome for line in gap.lines)
    snapshot = Snapshot.objects.create(
        consortium=consortium,
        programme=programme,
        by=by,
        at=at or clock.now(),
        inputs=inputs,
        digest=comparing.digest_of(inputs),
        index=gap.index,
        **{outcome: counts[outcome] for outcome in Line.Outcome.values},
    )
    Line.objects.bulk_create(_lines(snapshot, gap))
    return snapshot


def _lines(snapshot: Snapshot, gap: Gap) -> list[Line]:
    names = snapshot.inputs["skills"]
    return [
        Line(
            snapshot=snapshot,
            skill_id=line.skill,
            number=line.skill,
            name_zh=names[str(line.skill)][0],
            name_en=names[str(line.skill)][1],
            outcome=line.outcome,
            heads=line.heads,
            postings=line.postings,
            asked_level=line.asked_level,
            taught_level=line.taught_level,
            hours=line.hours,
        )
        for line in gap.lines
    ]


def compare_all(
    consortium: Consortium,
    *,
    by: User | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Compare every programme of a current member that can be compared and has changed."""
    members = Membership.objects.current().filter(consortium=consortium)
    programmes = Programme.objects.filter(school__in=members.values("organisation"), closed=None)
    count = 0
    for done, programme in enumerate(found := list(programmes.order_by("pk")), start=1):
        if can_be_compared(programme, consortium) and has_changed(programme, consortium):
            compare_programme(programme, consortium, by=by)
            count += 1
        progress(done, len(found))
    return count


def can_be_compared(programme: Programme, consortium: Consortium) -> bool:
    taught = comparing.in_force(programme, consortium)
    return taught.exists() and comparing.demand_for(programme, consortium).exists()


def has_changed(programme: Programme, consortium: Consortium) -> bool:
    """Would a comparison today rest on other inputs than the last one?"""
    last = Snapshot.objects.filter(programme=programme, consortium=consortium).first()
    now = comparing.digest_of(comparing.gather(programme, consortium))
    return last is None or last.digest != now


def publish_snapshot(snapshot: Snapshot, *, by: User) -> None:
    """Show it to the members of the consortium."""
    move(snapshot, Snapshot.State.PUBLISHED, by=by)


def withdraw_snapshot(snapshot: Snapshot, *, by: User) -> None:
    move(snapshot, Snapshot.State.COMPUTED, by=by)


@transaction.atomic
def request_change(line: Line, *, by: User) -> ChangeRequest:
    """Ask for a change of the standard, with the figures as evidence; once while one is open."""
    snapshot = line.snapshot
    Programme.objects.select_for_update().get(pk=snapshot.programme_id)  # two presses at once
    if policy.open_request(line):
        message = _("A change for this skill has been asked for and is still open.")
        raise ValidationError(message)
    request = standards.request_change(
        _standard_for(line),
        by=by,
        text=_wording(line),
        organisation=_speaks_for(by, snapshot),
        skill=line.skill,
        evidence=_evidence(line),
    )
    line.request = request
    line.save(update_fields=["request"])
    return request


def _standard_for(line: Line) -> Standard:
    """The standard of the unit that teaches it; for what nobody teaches, the plan."""
    rows = policy.standards_of(line.snapshot)
    taught = [unit["standard_id"] for unit in line.teaching]
    found = rows.filter(pk__in=taught).first() or rows.filter(kind=Standard.Kind.PLAN).first()
    return found or rows[0]


def _wording(line: Line) -> str:
    facts = {
        "skill": line.name,
        "heads": line.heads,
        "postings": line.postings,
        "asked": line.get_asked_level_display(),
        "taught": line.get_taught_level_display(),
        "hours": line.hours,
    }
    wordings = {
        Line.Outcome.MISSING: _(
            "Teach “%(skill)s”: %(postings)s positions for %(heads)s people ask for it "
            "(%(asked)s), and no unit teaches it."
        ),
        Line.Outcome.THIN: _(
            "Strengthen “%(skill)s”: %(postings)s positions for %(heads)s people ask for it "
            "(%(asked)s); it is taught in %(hours)s hours (%(taught)s)."
        ),
        Line.Outcome.SURPLUS: _(
            "Reconsider “%(skill)s”: it is taught in %(hours)s hours, and no live position asks "
            "for it."
        ),
    }
    return wordings[Line.Outcome(line.outcome)] % facts


def _evidence(line: Line) -> dict[str, object]:
    """The figures as they were, with the keys under which they can be looked up."""
    snapshot, asking, teaching = line.snapshot, line.asking, line.teaching
    figures = {
        _("computed"): day(localdate(snapshot.at)),
        _("how it stands"): line.get_outcome_display(),
        _("people wanted"): line.heads,
        _("positions"): line.postings,
        _("asked for at"): line.get_asked_level_display() or "",
        _("taught to"): line.get_taught_level_display() or "",
        _("teaching hours"): line.hours,
    }
    return {
        "figures": {str(label): str(value) for label, value in figures.items() if value != ""},
        "lines": [f"{row['title']} · {row['organisation']} · {row['level']}" for row in asking]
        + [f"{row['standard']} · {row['title']} · {row['level']}" for row in teaching],
        "positions": [row["id"] for row in asking],
        "units": [row["id"] for row in teaching],
        "snapshot": snapshot.pk,
        "digest": snapshot.digest,
    }


def _speaks_for(by: User, snapshot: Snapshot) -> Organisation | None:
    school = snapshot.programme.school
    return school if acts_for(by, school) else None
