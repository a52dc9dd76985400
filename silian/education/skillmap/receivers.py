"""What waits for a decision, and what hangs on a skill."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.skillmap.models import Candidate, Sighting
from silian.education.skillmap.policy import OPEN, visible_suggestions
from silian.education.standards.models import Edition, Taught
from silian.education.standards.policy import writes_for
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, secretariats_of
from silian.industry.demand.models import SkillNeed
from silian.industry.demand.policy import visible_positions
from silian.industry.occupations import links
from silian.industry.occupations.links import Link
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@links.source(gettext_lazy("Published positions that ask for it"))
def positions(skill: Skill, user: Viewer) -> Iterable[Link]:
    """The newest first; what is public is public to everybody."""
    rows = SkillNeed.objects.filter(
        skill=skill, position__state="published", position__in=visible_positions(user)
    ).select_related("position__organisation", "position__consortium")
    for need in rows.order_by("-position__published_at"):
        position = need.position
        label = f"{position.title} · {position.organisation.name}"
        yield Link(label, position.get_absolute_url(), need.get_level_display())


@links.source(gettext_lazy("Course units in force that teach it"))
def units(skill: Skill, user: Viewer) -> Iterable[Link]:
    rows = Taught.objects.filter(
        skill=skill, unit__edition__state=Edition.State.PUBLISHED
    ).select_related(
        "unit__edition__standard__programme__school", "unit__edition__standard__consortium"
    )
    for taught in rows:
        standard = taught.unit.edition.standard
        label = f"{standard.title} · {taught.unit.title}"
        url = taught.unit.edition.get_absolute_url()
        yield Link(label, url, f"{standard.programme.school.name} · {taught.get_level_display()}")


@todos.source
def suggestions_to_decide(user: User) -> Iterable[Todo]:
    """The employer and the school: skills that their own texts seem to name."""
    if not writes_for(user) and not secretariats_of(user):
        return
    waiting = visible_suggestions(user).filter(OPEN, state="waiting").order_by()
    counts = Counter[int]()
    for path in ("position__consortium", "unit__edition__standard__consortium"):
        found = waiting.exclude(**{path: None}).values_list(path)
        counts.update(dict(found.annotate(Count("pk"))))
    yield from _by_consortium(_("Suggested skills to confirm"), "suggestion_index", counts)


@todos.source
def terms_to_decide(user: User) -> Iterable[Todo]:
    """The secretariat: words that the vocabulary may lack."""
    kept = secretariats_of(user)
    if not kept:
        return
    rows = Sighting.objects.filter(
        consortium__in=kept, candidate__state=Candidate.State.WAITING
    ).order_by()
    found = rows.values_list("consortium").annotate(Count("candidate", distinct=True))
    yield from _by_consortium(_("Proposed terms to decide"), "term_index", dict(found))


def _by_consortium(label: str, page: str, counts: Mapping[int, int]) -> Iterable[Todo]:
    for consortium in Consortium.objects.filter(pk__in=counts) if counts else ():
        url = reverse(f"skillmap:{page}", args=[consortium])
        yield Todo(label, url, counts[consortium.pk], place=consortium.name)
