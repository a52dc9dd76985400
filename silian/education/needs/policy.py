"""Who sees what is asked for, who asks, and who answers."""

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from silian.education.courses.models import Course
from silian.education.courses.policy import may_create, own_courses, visible_organisers
from silian.education.needs.models import Need, Pool
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Pool.State


def visible_pools(user: Viewer) -> QuerySet[Pool]:
    """How many ask for what is public; who asks is not."""
    live = Q(needs__withdrawn_at=None)
    rows = Pool.objects.select_related(
        "consortium", "skill", "occupation", "taken_by", "course__consortium"
    )
    return rows.annotate(
        people=Sum("needs__people", filter=live), askers=Count("needs", filter=live)
    )


def visible_needs(user: Viewer, pool: Pool) -> QuerySet[Need]:
    """Those who could teach and the secretariat read what firms and people write, without names of
    people; everybody their own."""
    rows = pool.needs.filter(withdrawn_at=None).select_related("organisation", "by")
    if may_create(user, pool.consortium):
        return rows
    own = Q(by=user) if isinstance(user, User) else Q(pk=None)
    return rows.filter(own | Q(organisation__in=organisations_of(user)))


def acting_for(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=organisations_of(user))


def may_ask(user: Viewer) -> Verdict:
    return YES if isinstance(user, User) else Verdict(_("Sign in to ask for a course."))


def may_withdraw(user: Viewer, need: Need) -> Verdict:
    own = need.by_id == user.pk or need.organisation_id in organisations_of(user)
    if not own:
        return Verdict(_("Only who asked can do this."))
    if need.pool.state not in Pool.LIVE:
        return Verdict(_("It has been answered."))
    return YES


def may_take(user: Viewer, pool: Pool) -> Verdict:
    """May ``user`` say that their organisation prepares a course?"""
    if not visible_organisers(user, pool.consortium).exists():
        return Verdict(_("Only current members offer courses."))
    if pool.state != State.OPEN:
        return Verdict(_("Somebody prepares a course, or it is answered."))
    return YES


def may_give_back(user: Viewer, pool: Pool) -> Verdict:
    """The organisation that took it, or the secretariat where nothing follows."""
    if pool.state != State.TAKEN:
        return Verdict(_("Nobody prepares a course."))
    if pool.taken_by_id in organisations_of(user) or is_secretary(user, pool.consortium):
        return YES
    return Verdict(_("Only who prepares the course can do this."))


def may_answer(user: Viewer, pool: Pool) -> Verdict:
    verdict = may_create(user, pool.consortium)
    if verdict and pool.state not in Pool.LIVE:
        return Verdict(_("It has been answered."))
    if verdict and not answers_for(user, pool.consortium).exists():
        return Verdict(_("Publish the course first; then answer with it."))
    return verdict


def answers_for(user: Viewer, consortium: Consortium) -> QuerySet[Course]:
    return own_courses(user, consortium).filter(state=Course.State.PUBLISHED)


def askers_of(pool: Pool) -> QuerySet[User]:
    """Who asked, and who acts for the organisations that did."""
    live = pool.needs.filter(withdrawn_at=None)
    acting = Role.objects.running().filter(
        kind__in=Role.ACTING, organisation__in=live.values("organisation")
    )
    found = Q(pk__in=live.values("by")) | Q(pk__in=acting.values("user"))
    return User.objects.filter(found, is_active=True)


def schools_of(consortium: Consortium) -> QuerySet[User]:
    """Who acts for the member schools: they are told of a new pool."""
    members = consortium.memberships.current().values("organisation")
    acting = Role.objects.running().filter(
        kind__in=Role.ACTING, organisation__in=members, organisation__kind__in=Organisation.SCHOOLS
    )
    return User.objects.filter(pk__in=acting.values("user"), is_active=True)
