"""Who sees mentors and hours, who enters them, and who confirms them: the other side."""

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.policy import concerned, firm_side, may_take_part, school_side
from silian.talent.mentoring.models import Hours, Mentor
from silian.talent.rotations.models import Stay

RUNNING = (Cohort.State.SELECTING, Cohort.State.RUNNING)


def visible_mentors(user: Viewer) -> QuerySet[Mentor]:
    """Both sides and the secretariat, the mentors themselves, and whom they look after."""
    own = Q(user=user) | Q(learners__student__user=user) if isinstance(user, User) else Q(pk=None)
    seen = Mentor.objects.filter(concerned(user, "cohort__") | own)
    rows = Mentor.objects.filter(pk__in=seen.values("pk"))
    joined = rows.select_related("cohort__consortium", "cohort__school", "organisation", "user")
    confirmed = Hours.objects.filter(mentor=OuterRef("pk"), state=Hours.State.CONFIRMED)
    summed = confirmed.order_by().values("mentor").annotate(n=Sum("hours")).values("n")
    return joined.annotate(confirmed=Subquery(summed))


def visible_hours(user: Viewer) -> QuerySet[Hours]:
    """Both sides, the secretariat, and each mentor their own."""
    own = Q(mentor__user=user) if isinstance(user, User) else Q(pk=None)
    rows = Hours.objects.filter(concerned(user, "mentor__cohort__") | own)
    return rows.select_related("mentor__cohort__consortium", "mentor__organisation", "by")


def sides_for(user: Viewer, cohort: Cohort) -> QuerySet[Organisation]:
    """In whose name ``user`` enters mentors and hours here."""
    sides = {cohort.school_id, *(firm.pk for firm in cohort.firms)}
    if not is_secretary(user, cohort.consortium):
        sides &= organisations_of(user)
    return Organisation.objects.filter(pk__in=sides)


def accounts_for(user: Viewer, cohort: Cohort) -> QuerySet[User]:
    """People of the reader's own organisations, one of whom the mentor may be."""
    sides = sides_for(user, cohort)
    rows = User.objects.filter(roles__organisation__in=sides, is_active=True)
    return rows.exclude(roles__kind="student").distinct().order_by("name")


def stays_beside(user: User) -> QuerySet[Stay]:
    """Where the learners of ``user`` are, at the mentor's own organisation."""
    mentored = Mentor.objects.filter(user=user)
    rows = Stay.objects.filter(
        group__members__learner__mentors__in=mentored,
        site=F("group__members__learner__mentors__organisation"),
    )
    return rows.select_related("group__cohort__consortium", "phase", "site").distinct()


def may_enter(user: Viewer, cohort: Cohort) -> Verdict:
    """May ``user`` name mentors of their side?"""
    verdict = may_take_part(user, cohort)
    if verdict and cohort.state not in RUNNING:
        return Verdict(_("Mentors are named while a cohort selects or runs."))
    return verdict


def may_edit(user: Viewer, mentor: Mentor) -> Verdict:
    own = mentor.organisation_id in organisations_of(user)
    if not (own or is_secretary(user, mentor.cohort.consortium)):
        return Verdict(_("Only the mentor's own organisation can do this."))
    return may_enter(user, mentor.cohort)


def may_log(user: Viewer, mentor: Mentor) -> Verdict:
    """The mentor, and the people of the mentor's organisation."""
    own = mentor.organisation_id in organisations_of(user) or mentor.user_id == user.pk
    if not (own and user.is_authenticated):
        return Verdict(_("Only the mentor and their organisation enter hours."))
    if mentor.cohort.state == Cohort.State.CANCELLED:
        return Verdict(_("This cohort is over."))
    return YES


def may_import(user: Viewer, cohort: Cohort) -> Verdict:
    if school_side(user, cohort) or firm_side(user, cohort):
        return YES
    return Verdict(_("Only the school and the enterprises can do this."))


def may_answer(user: Viewer, hours: Hours) -> Verdict:
    """The other side confirms: the school a firm's mentor, a firm the school's."""
    cohort = hours.mentor.cohort
    other = firm_side(user, cohort) if hours.mentor.of_school else school_side(user, cohort)
    if not other or hours.by_id == user.pk:
        return Verdict(_("Hours are confirmed by the other side."))
    if hours.state != Hours.State.LOGGED:
        return Verdict(_("These hours are answered already."))
    return YES


def may_correct(user: Viewer, hours: Hours) -> Verdict:
    """May ``user`` correct what was objected to?"""
    verdict = may_log(user, hours.mentor)
    if verdict and hours.state != Hours.State.OBJECTED:
        return Verdict(_("Only hours that were objected to are corrected."))
    return verdict


def awaiting(user: User) -> QuerySet[Hours]:
    """What ``user`` can confirm."""
    mine = organisations_of(user)
    cohort = "mentor__cohort"
    firms = Q(mentor__organisation=F(f"{cohort}__school")) & (
        Q((f"{cohort}__enterprise__in", mine)) | Q((f"{cohort}__partners__in", mine))
    )
    school = ~Q(mentor__organisation=F(f"{cohort}__school")) & Q((f"{cohort}__school__in", mine))
    rows = Hours.objects.filter(firms | school, state=Hours.State.LOGGED)
    return rows.exclude(by=user).distinct()
