"""Who marks and decides, and who takes evidence away."""

from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, organisations_of
from silian.kernel.verdicts import YES, Verdict
from silian.talent.assessments.models import Assessment, Mark
from silian.talent.internships.models import Internship
from silian.talent.internships.policy import may_keep, may_note, visible_internships

State = Internship.State


def visible_marks(user: Viewer) -> QuerySet[Mark]:
    seen = visible_internships(user).values("pk")
    return Mark.objects.filter(internship__in=seen).select_related("by")


def visible_assessments(user: Viewer) -> QuerySet[Assessment]:
    seen = visible_internships(user).values("pk")
    return Assessment.objects.filter(internship__in=seen).select_related("by", "certificate")


def visible_units(user: Viewer) -> QuerySet[Organisation]:
    """Of whose interns ``user`` may take the evidence: one's own organisations."""
    return Organisation.objects.filter(pk__in=organisations_of(user))


def may_mark(user: Viewer, internship: Internship) -> Verdict:
    """Mentors and staff of both sides mark, until the result is decided."""
    verdict = may_note(user, internship, State.RUNNING, State.FINISHED)
    return verdict and _undecided(internship)


def may_decide(user: Viewer, internship: Internship) -> Verdict:
    """The school decides once it is finished and every part was marked from both sides."""
    verdict = may_keep(user, internship) and _undecided(internship)
    if verdict and internship.state != State.FINISHED:
        return Verdict(_("The result is decided when the internship is finished."))
    if not verdict:
        return verdict
    marks = list(internship.marks.all())
    parts = {mark.part for mark in marks}
    if lacking := [str(part.label) for part in weighed(internship) if part not in parts]:
        return Verdict(_("Not marked yet: %(parts)s") % {"parts": "、".join(lacking)})
    if len({mark.by_id for mark in marks}) < 2:
        return Verdict(_("At least two assessors mark an internship."))
    return YES


def weighed(internship: Internship) -> list[Mark.Part]:
    """The parts that count in this internship's scheme."""
    return [part for part in Mark.Part if internship.scheme.get(part)]


def working_of(internship: Internship) -> dict[str, dict[str, str]]:
    """Each part's weight and the mean of its marks."""
    marks = list(internship.marks.all())
    found = {}
    for part in weighed(internship):
        points = [mark.points for mark in marks if mark.part == part]
        if points:
            mean = (sum(points, Decimal()) / len(points)).quantize(Decimal("0.01"))
            found[str(part)] = {"weight": str(internship.scheme[part]), "mean": str(mean)}
    return found


def _undecided(internship: Internship) -> Verdict:
    if hasattr(internship, "assessment"):
        return Verdict(_("The result is decided."))
    return YES
