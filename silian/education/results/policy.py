"""Who sees whose result, who publishes, who appeals and who decides.

Everybody who takes part knows their own result; the firm that entered them does too. Members read a
list of those who passed, with masked numbers: a name would tell colleagues who took part.
"""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.marking.models import Correction, Marker, Marking, Sheet
from silian.education.panels.models import Given, Seat
from silian.education.panels.policy import own_seats
from silian.education.practicals.models import Panellist, Turn
from silian.education.results.computing import as_kept, computed
from silian.education.results.models import Appeal, Outcome
from silian.education.schemes.levels import PartKind
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.education.skillappraisals.policy import (
    managed,
    may_manage,
    visible_entries,
)
from silian.engines import passing
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State, Deed = Appraisal.State, Appeal.State


def appraised(appraisal: Appraisal) -> QuerySet[Entry]:
    """Those who were accepted, in the order of their numbers."""
    rows = appraisal.entries.filter(state=Entry.State.ACCEPTED).order_by("number")
    return rows.select_related("person", "organisation", "appraisal__consortium")


def latest(appraisal: Appraisal) -> dict[int, Outcome]:
    """What counts of what was published, by entry."""
    rows = Outcome.objects.filter(entry__appraisal=appraisal)
    return {one.entry_id: one for one in rows.newest()}


def latest_of(entry: Entry) -> Outcome | None:
    return entry.outcomes.order_by("-version").first()


def own_outcomes(user: User) -> QuerySet[Outcome]:
    """One's own results, the last version of each."""
    rows = Outcome.objects.filter(entry__person__user=user)
    newest = rows.newest().values("pk")
    joined = Outcome.objects.filter(pk__in=newest).select_related(
        "entry__appraisal__consortium",
        "entry__appraisal__organiser",
        "entry__appraisal__occupation",
        "entry__person",
    )
    return joined.prefetch_related("entry__outcomes__appeals").order_by(
        "-entry__appraisal__exam_on", "-pk"
    )


def appealable(user: User) -> QuerySet[Outcome]:
    """What counts of one's own results, and of a firm's people without an account."""
    mine = Q(entry__person__user=user)
    firm = Q(entry__person__user=None, entry__organisation__in=organisations_of(user))
    rows = Outcome.objects.filter(mine | firm)
    newest = rows.newest().values("pk")
    joined = Outcome.objects.filter(pk__in=newest)
    return joined.select_related("entry__appraisal__consortium", "entry__person")


def own_waiting(user: User) -> QuerySet[Entry]:
    """Where one takes part and results are not out."""
    rows = Entry.objects.filter(person__user=user, state=Entry.State.ACCEPTED, outcomes=None)
    under_way = rows.filter(appraisal__state__in=[State.OPEN, State.UNDER_WAY, State.DRAFTED])
    return under_way.select_related("appraisal__consortium")


def firm_entries(user: Viewer, appraisal: Appraisal) -> QuerySet[Entry]:
    """The people whom one's organisations entered."""
    rows = appraised(appraisal).filter(organisation__in=organisations_of(user))
    return rows.filter(pk__in=visible_entries(user).values("pk"))


def visible_appeals(user: Viewer) -> QuerySet[Appeal]:
    """One's own, a firm's for its people without an account, those one decides, and those of
    appraisals that one holds."""
    if not isinstance(user, User):
        return Appeal.objects.none()
    seen = managed(user, "outcome__entry__appraisal__") | Q(reviewer=user)
    seen |= Q(outcome__entry__person__user=user) | Q(by=user)
    seen |= Q(
        outcome__entry__person__user=None,
        outcome__entry__organisation__in=organisations_of(user),
    )
    rows = Appeal.objects.filter(seen)
    return rows.select_related(
        "outcome__entry__appraisal__consortium",
        "outcome__entry__appraisal__organiser",
        "outcome__entry__appraisal__exam",
        "outcome__entry__appraisal__practical",
        "outcome__entry__person",
        "reviewer",
    )


def reviews_to_correct(user: User) -> QuerySet[Appeal]:
    """Upheld against reviews whose chief ``user`` is, who has not ruled since."""
    chaired = own_seats(user).filter(chief=True).values("appraisal")
    since = Q(outcome__entry__review__rulings__at__gte=F("answered_at"))
    rows = Appeal.objects.filter(
        outcome__entry__appraisal__in=chaired, part=PartKind.REVIEW, state=Deed.UPHELD
    )
    ruled = rows.filter(since).values("pk")
    return rows.exclude(pk__in=ruled).select_related("outcome__entry__appraisal__consortium")


def running_appeals(appraisal: Appraisal) -> QuerySet[Appeal]:
    return Appeal.objects.filter(outcome__entry__appraisal=appraisal, state__in=Appeal.RUNNING)


def differing(appraisal: Appraisal) -> list[tuple[Entry, Outcome, passing.Outcome]]:
    """Whose marks now come to something else than what was published."""
    published = latest(appraisal)
    entries = [entry for entry in appraised(appraisal) if entry.pk in published]
    now = computed(appraisal, entries)
    return [
        (entry, published[entry.pk], now[entry.pk])
        for entry in entries
        if differs(published[entry.pk], now[entry.pk])
    ]


def differs(published: Outcome, now: passing.Outcome) -> bool:
    kept = (published.result, published.grade, published.parts)
    return kept != (str(now.result), str(now.grade), as_kept(now.parts))


def unfinished(appraisal: Appraisal) -> int:
    """Of how many is something missing?"""
    found = computed(appraisal, list(appraised(appraisal))).values()
    return sum(one.result == passing.Result.INCOMPLETE for one in found)


def involved(appeal: Appeal) -> set[int]:
    """Keys of the accounts that marked or corrected this part, appealed, or are the candidate's."""
    entry, part = appeal.outcome.entry, appeal.part
    appraisal = entry.appraisal
    found: set[int | None] = {entry.person.user_id, appeal.by_id}
    marks = Given.objects.filter(entry=entry, part=part)
    found.update(marks.values_list("by", flat=True))
    found.update(marks.values_list("checked_by", flat=True))
    if part == PartKind.THEORY and appraisal.exam_id:
        markers = Marker.objects.filter(marking__exam=appraisal.exam_id)
        found.update(markers.values_list("user", flat=True))
        mended = Correction.objects.filter(answer__question__marking__exam=appraisal.exam_id)
        own = mended.filter(answer__sheet__attempt__candidate__person=entry.person_id)
        found.update(own.values_list("by", flat=True))
    if part == PartKind.PRACTICAL and appraisal.practical_id:
        panel = Panellist.objects.filter(station__practical=appraisal.practical_id)
        found.update(panel.values_list("examiner__user", flat=True))
        turns = Turn.objects.filter(
            entrant__person=entry.person_id, station__practical=appraisal.practical_id
        )
        found.update(turns.values_list("arbitration__arbiter__user", flat=True))
        found.update(turns.values_list("corrections__by", flat=True))
    if part == PartKind.REVIEW:
        found.update(Seat.objects.filter(appraisal=appraisal).values_list("user", flat=True))
    return {key for key in found if key}


def possible_reviewers(appeal: Appeal) -> QuerySet[User]:
    """People of the office, the secretariat and its experts who have not marked the part."""
    entry = appeal.outcome.entry
    appraisal = entry.appraisal
    sides = Q(organisation=appraisal.organiser_id, kind__in=[*Role.ACTING, Role.Kind.TEACHER])
    sides |= Q(consortium=appraisal.consortium_id)
    running = Role.objects.running().filter(sides)
    rows = User.objects.filter(pk__in=running.values("user"), is_active=True)
    return rows.exclude(pk__in=involved(appeal)).order_by("name", "pk")


# --- verdicts ---------------------------------------------------------------------------
def may_draft(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_manage(user, appraisal)
    if own and appraisal.state != State.UNDER_WAY:
        return Verdict(_("The appraisal is not under way."))
    return own


def may_reopen(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_manage(user, appraisal)
    if own and appraisal.state != State.DRAFTED:
        return Verdict(_("Results are not drafted."))
    return own


def may_publish(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_reopen(user, appraisal)
    if own and (count := unfinished(appraisal)):
        return Verdict(_("Something is missing of %(count)s candidates.") % {"count": count})
    return own


def may_correct(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_manage(user, appraisal)
    if own and not appraisal.is_told:
        return Verdict(_("Results are not published yet."))
    return own


def may_finish(user: Viewer, appraisal: Appraisal) -> Verdict:
    own = may_manage(user, appraisal)
    if not own:
        return own
    if appraisal.state != State.PUBLICITY:
        return Verdict(_("Results are not in publicity."))
    if not appraisal.is_over:
        return Verdict(_("The days of publicity and for appeals are not over."))
    if running_appeals(appraisal).exists():
        return Verdict(_("An appeal waits for its answer."))
    if differing(appraisal):
        return Verdict(_("A result differs from what is published: publish the correction first."))
    return YES


def may_appeal(user: Viewer, outcome: Outcome) -> Verdict:
    """The candidate, or the firm for somebody without an account, within the days of the rule."""
    appraisal = outcome.entry.appraisal
    if not isinstance(user, User) or not appealable(user).filter(pk=outcome.pk).exists():
        return Verdict(_("Only the candidate appeals."))
    if not may_still_appeal(appraisal):
        return Verdict(_("The days to appeal are over."))
    return YES


def may_still_appeal(appraisal: Appraisal) -> bool:
    """Do the days for appeals run?"""
    until = appraisal.appeals_until
    return appraisal.is_told and until is not None and until >= clock.today()


def appeals_of(outcome: Outcome) -> list[Appeal]:
    """Against any version of this result; those of a page are fetched before."""
    return [one for version in outcome.entry.outcomes.all() for one in version.appeals.all()]


def shows_points(outcome: Outcome) -> bool:
    """May the candidate look into the points of the theory exam, and are there any?"""
    marked = Sheet.objects.filter(
        marking__exam=outcome.entry.appraisal.exam_id,
        marking__state=Marking.State.COMPLETE,
        marking__shown=True,
    )
    return marked.filter(attempt__candidate__person=outcome.entry.person_id).exists()


def may_assign(user: Viewer, appeal: Appeal) -> Verdict:
    own = may_manage(user, appeal.outcome.entry.appraisal)
    if own and appeal.state not in Appeal.RUNNING:
        return Verdict(_("The appeal is decided."))
    return own


def may_decide(user: Viewer, appeal: Appeal) -> Verdict:
    """The reviewer, who has still not marked the part."""
    if appeal.reviewer_id is None or appeal.reviewer_id != getattr(user, "pk", None):
        return Verdict(_("Only the reviewer decides."))
    if appeal.state != Deed.REVIEWED:
        return Verdict(_("The appeal is decided."))
    if appeal.reviewer_id in involved(appeal):
        return Verdict(_("Who has marked this part does not decide on it."))
    return YES


def may_withdraw(user: Viewer, appeal: Appeal) -> Verdict:
    if appeal.by_id != getattr(user, "pk", None):
        return Verdict(_("Only the candidate withdraws it."))
    if appeal.state not in Appeal.RUNNING:
        return Verdict(_("The appeal is decided."))
    return YES
