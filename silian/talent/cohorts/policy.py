"""Who may see cohorts and their learners, and who sets them up, opens, starts and ends them."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.programmes.models import Programme
from silian.governance.agreements.models import Agreement
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.rules import findings
from silian.talent.consents.models import Consent
from silian.talent.consents.policy import counting

State = Cohort.State
FOUNDING = (  # kinds of agreement under which a cohort can stand
    "order_class field_engineers apprenticeship commissioned framework industry_college alliance"
).split()


def concerned(user: Viewer, path: str = "") -> Q:
    """Rows of cohorts that ``user`` acts for on either side, or whose secretariat they are.

    ``path`` leads from the row to its cohort: ``"phase__cohort__"``.
    """
    mine = organisations_of(user)
    parties = Cohort.objects.filter(
        Q(school__in=mine)
        | Q(enterprise__in=mine)
        | Q(partners__in=mine)
        | Q(consortium__in=secretariats_of(user))
    )
    return Q((f"{path}pk__in", parties.values("pk")))


def learns_in(user: Viewer, path: str = "") -> Q:
    """Rows of cohorts in which ``user`` has a place."""
    if not isinstance(user, User):
        return Q(pk=None)
    places = Learner.objects.placed().filter(student__user=user)
    return Q((f"{path}pk__in", places.values("cohort")))


def visible_cohorts(user: Viewer) -> QuerySet[Cohort]:
    """What was opened is public, without persons; before that both sides and the secretariat."""
    rows = Cohort.objects.filter(Q(state__in=Cohort.PUBLIC) | concerned(user))
    placed = Count("learners", filter=Q(learners__state__in=Learner.PLACED))
    joined = rows.select_related(
        "consortium", "school", "enterprise", "programme", "agreement", "cluster"
    )
    return joined.annotate(placed=placed)


def own_cohorts(user: Viewer) -> QuerySet[Cohort]:
    """Those that ``user`` acts for, on one side or as secretariat."""
    return visible_cohorts(user).filter(concerned(user))


def visible_learners(user: Viewer) -> QuerySet[Learner]:
    """The learners of one's own cohorts, and one's own places. Firms read names by consent only:
    ``named_for``."""
    own = Q(student__user=user) if isinstance(user, User) else Q(pk=None)
    rows = Learner.objects.filter(own | concerned(user, "cohort__"))
    return rows.select_related(
        "cohort__consortium",
        "cohort__school",
        "cohort__enterprise",
        "student__person",
        "student__programme",
        "student__user",
    )


def named_for(user: Viewer, cohort: Cohort) -> set[int]:
    """The learners of ``cohort`` whose names ``user`` may read.

    The school reads all: they are its students. A firm reads those who consented to it, the
    secretariat none, and everybody their own.
    """
    learners = Learner.objects.filter(cohort=cohort)
    mine = organisations_of(user)
    if cohort.school_id in mine:
        return set(learners.values_list("pk", flat=True))
    allowed = counting(Consent.Purpose.COHORT).filter(
        recipient__in=mine & {firm.pk for firm in cohort.firms}
    )
    own = Q(student__user=user) if isinstance(user, User) else Q(pk=None)
    seen = Q(student__person__in=allowed.values("person")) | own
    return set(learners.filter(seen).values_list("pk", flat=True))


def founding_agreements(user: Viewer, consortium: Consortium) -> QuerySet[Agreement]:
    """Those in force under which ``user`` can set up a cohort."""
    rows = Agreement.objects.filter(
        consortium=consortium, state=Agreement.State.SIGNED, kind__in=FOUNDING, amends=None
    )
    if not is_secretary(user, consortium):
        rows = rows.filter(parties__in=organisations_of(user)).distinct()
    return rows.order_by("-signed_on")


def visible_sides(consortium: Consortium, *, schools: bool) -> QuerySet[Organisation]:
    """Current members that can be the school, or the enterprise."""
    members = consortium.memberships.current()
    rows = Organisation.objects.filter(pk__in=members.values("organisation"))
    is_school = Q(kind__in=Organisation.SCHOOLS)
    return rows.filter(is_school) if schools else rows.exclude(is_school)


def school_side(user: Viewer, cohort: Cohort) -> bool:
    return cohort.school_id in organisations_of(user)


def firm_side(user: Viewer, cohort: Cohort) -> bool:
    """Does ``user`` act for the leading enterprise or for another one?"""
    return bool({firm.pk for firm in cohort.firms} & organisations_of(user))


def may_create(user: Viewer, consortium: Consortium) -> Verdict:
    """The secretariat, and every member that is a party of an agreement to train together."""
    if is_secretary(user, consortium) or founding_agreements(user, consortium).exists():
        return YES
    return Verdict(_("Only a party of a signed agreement on training can set up a cohort."))


def may_take_part(user: Viewer, cohort: Cohort) -> Verdict:
    """Does ``user`` act for the school, for a firm or for the secretariat?"""
    if school_side(user, cohort) or firm_side(user, cohort):
        return YES
    if is_secretary(user, cohort.consortium):
        return YES
    return Verdict(_("Only the school, the enterprises and the secretariat can do this."))


def may_edit(user: Viewer, cohort: Cohort) -> Verdict:
    return may_take_part(user, cohort) and _while(
        cohort, State.PREPARED, _("A cohort is changed only while it is being prepared.")
    )


def may_submit(user: Viewer, cohort: Cohort) -> Verdict:
    """May it be handed in? Nothing may hinder it."""
    verdict = may_edit(user, cohort)
    if verdict and (hindering := [f for f in findings(cohort) if f.hinders]):
        return Verdict(hindering[0].message)
    return verdict


def may_pass(user: Viewer, cohort: Cohort) -> Verdict:
    """May ``user`` say why a warning is passed?"""
    return may_edit(user, cohort)


def may_decide(user: Viewer, cohort: Cohort) -> Verdict:
    """May ``user`` open the cohort or return it?"""
    return _for_secretariat(user, cohort) and _while(
        cohort, State.SUBMITTED, _("This cohort is not waiting for review.")
    )


def may_start(user: Viewer, cohort: Cohort) -> Verdict:
    """The school starts the class once somebody was selected."""
    verdict = _for_school(user, cohort) and _while(
        cohort, State.SELECTING, _("A cohort starts after the selection.")
    )
    if verdict and not cohort.learners.filter(state=Learner.State.SELECTED).exists():
        return Verdict(_("Nobody is selected yet."))
    return verdict


def may_finish(user: Viewer, cohort: Cohort) -> Verdict:
    return _for_school(user, cohort) and _while(
        cohort, State.RUNNING, _("Only a running cohort can be finished.")
    )


def may_cancel(user: Viewer, cohort: Cohort) -> Verdict:
    if cohort.state in (State.FINISHED, State.CANCELLED):
        return Verdict(_("This cohort is over."))
    if cohort.state == State.PREPARED:
        return may_take_part(user, cohort)
    return _for_secretariat(user, cohort)


def _for_school(user: Viewer, cohort: Cohort) -> Verdict:
    if school_side(user, cohort) or is_secretary(user, cohort.consortium):
        return YES
    return Verdict(_("Only the school and the secretariat can do this."))


def _for_secretariat(user: Viewer, cohort: Cohort) -> Verdict:
    if is_secretary(user, cohort.consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def _while(cohort: Cohort, state: str, reason: str) -> Verdict:
    return YES if cohort.state == state else Verdict(reason)


def programmes_of(schools: QuerySet[Organisation]) -> QuerySet[Programme]:
    return Programme.objects.filter(school__in=schools).select_related("school", "code")
