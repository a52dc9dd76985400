"""Who may see standards and their editions, who begins one, and who asks for a change."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from silian.education.programmes.models import Programme
from silian.education.standards.models import ChangeRequest, Edition, Standard
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    roles_of,
    secretariats_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

WRITING = (*Role.ACTING, Role.Kind.TEACHER)
Circle = Callable[[User], QuerySet[Any]]
circles: list[Circle] = []


def circle(ask: Circle) -> Circle:
    """Register who else reads an edition before it is public: ``ask`` gives keys of editions."""
    circles.append(ask)
    return ask


def writes_for(user: Viewer) -> set[int]:
    """Keys of the schools in whose name ``user`` writes standards; their teachers do, too."""
    found = (role.organisation_id for role in roles_of(user) if role.kind in WRITING)
    return {key for key in found if key}


def visible_editions(user: Viewer) -> QuerySet[Edition]:
    """What was published is public; before, its school, its circle and the secretariat read it."""
    found = Q(state__in=Edition.PUBLIC)
    found |= Q(standard__programme__school__in=writes_for(user))
    found |= Q(standard__consortium__in=secretariats_of(user))
    if isinstance(user, User):
        for ask in circles:
            found |= Q(pk__in=ask(user))
    rows = Edition.objects.filter(found)
    return rows.select_related("standard__consortium", "standard__programme__school")


def visible_standards(user: Viewer) -> QuerySet[Standard]:
    """Those of which ``user`` may read an edition."""
    rows = Standard.objects.filter(pk__in=visible_editions(user).values("standard"))
    return rows.select_related("consortium", "programme__school", "programme__code")


def public_standards() -> QuerySet[Standard]:
    """Those that have, or had, an edition in force."""
    public = Edition.objects.filter(state__in=Edition.PUBLIC)
    rows = Standard.objects.filter(pk__in=public.values("standard"))
    return rows.select_related("consortium", "programme__school", "programme__code")


def inside(user: User) -> QuerySet[Any]:
    """Keys of the standards that ``user`` writes, takes part in or looks after."""
    found = Q(standard__programme__school__in=writes_for(user))
    found |= Q(standard__consortium__in=secretariats_of(user))
    for ask in circles:
        found |= Q(pk__in=ask(user))
    return Edition.objects.filter(found).values("standard")


def for_list(rows: QuerySet[Standard]) -> QuerySet[Standard]:
    """With the edition in force, and the one in the making, of each."""
    force = Edition.objects.filter(standard=OuterRef("pk"), state=Edition.State.PUBLISHED)
    made = Edition.objects.filter(standard=OuterRef("pk")).exclude(state__in=Edition.PUBLIC)
    return rows.annotate(
        in_force=Subquery(force.values("number")[:1]),
        since=Subquery(force.values("published_on")[:1]),
        hours=Subquery(force.values("hours")[:1]),
        making=Subquery(made.values("state")[:1]),
        open_requests=Count("requests", filter=Q(requests__state="open"), distinct=True),
    )


def visible_programmes(user: Viewer, consortium: Consortium) -> QuerySet[Programme]:
    """The programmes for which ``user`` may begin a standard in ``consortium``."""
    members = Membership.objects.current().filter(consortium=consortium)
    rows = Programme.objects.filter(school__in=writes_for(user))
    return rows.filter(school__in=members.values("organisation")).select_related("school")


def visible_requests(user: Viewer) -> QuerySet[ChangeRequest]:
    """What the school was asked; whoever asked, for an organisation or alone, reads it too."""
    school = Q(standard__programme__school__in=writes_for(user))
    secretariat = Q(standard__consortium__in=secretariats_of(user))
    asked = Q(organisation__in=organisations_of(user))
    alone = Q(by=user) if isinstance(user, User) else Q(pk=None)
    rows = ChangeRequest.objects.filter(school | secretariat | asked | alone)
    related = "standard__consortium standard__programme__school organisation by skill adopted_in"
    return rows.select_related(*related.split())


def visible_askers(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The current members in whose name ``user`` may ask for a change."""
    members = Membership.objects.current().filter(consortium=consortium)
    own = Organisation.objects.filter(pk__in=organisations_of(user))
    return own.filter(pk__in=members.values("organisation"))


def may_create(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` begin a standard here, for a school that is a member?"""
    if visible_programmes(user, consortium).exists():
        return YES
    return Verdict(_("Only people of a member school that has programmes can begin a standard."))


def may_write(user: Viewer, standard: Standard) -> Verdict:
    """Does ``user`` belong to the school whose standard it is?"""
    if standard.programme.school_id in writes_for(user):
        return YES
    return Verdict(_("Only people of the school can do this."))


def may_begin(user: Viewer, standard: Standard) -> Verdict:
    """May ``user`` begin the next edition? Only when none is in the making."""
    verdict = may_write(user, standard)
    if verdict and in_the_making(standard):
        return Verdict(_("An edition is being written already."))
    if verdict and not _is_member(standard):
        return Verdict(_("The school is not a current member any more."))
    return verdict


def may_administer(user: Viewer, standard: Standard) -> Verdict:
    """May ``user`` speak for the school: settle who takes part, hand in, publish?"""
    if acts_for(user, standard.programme.school):
        return YES
    return Verdict(_("Only somebody who acts for the school can do this."))


def may_request(user: Viewer, standard: Standard) -> Verdict:
    """May ``user`` ask for a change? Members may, and the secretariat."""
    asks = visible_askers(user, standard.consortium).exists()
    if asks or may_write(user, standard) or is_secretary(user, standard.consortium):
        return YES
    return Verdict(_("Only members of the consortium can ask for a change."))


def in_the_making(standard: Standard) -> Edition | None:
    """The edition that is not published yet."""
    return standard.editions.exclude(state__in=Edition.PUBLIC).first()


def in_force(standard: Standard) -> Edition | None:
    return standard.editions.filter(state=Edition.State.PUBLISHED).first()


def _is_member(standard: Standard) -> bool:
    current = Membership.objects.current().filter(consortium=standard.consortium_id)
    return current.filter(organisation=standard.programme.school_id).exists()
