"""Programmes and their figures are public; the school's own staff keep them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.education.programmes.models import Programme, ProgrammeQuerySet, YearFigure
from silian.governance.consortia.models import Cluster, Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import Viewer, acts_for, organisations_of
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict


def visible_schools(user: Viewer) -> QuerySet[Organisation]:
    return Organisation.objects.filter(kind__in=Organisation.SCHOOLS)


def visible_programmes(user: Viewer) -> ProgrammeQuerySet:
    return Programme.objects.for_lists()


def programmes_in(user: Viewer, consortium: Consortium) -> ProgrammeQuerySet:
    """The programmes of the schools that are members of ``consortium`` now."""
    members = Membership.objects.current().filter(consortium=consortium)
    return visible_programmes(user).filter(school__in=members.values("organisation"))


def visible_figures(user: Viewer, programme: Programme) -> QuerySet[YearFigure]:
    return programme.figures.order_by("year")


def clusters_for(school: Organisation) -> QuerySet[Cluster]:
    """The industry clusters of the consortia that ``school`` belongs to."""
    joined = Membership.objects.current().filter(organisation=school)
    rows = Cluster.objects.filter(consortium__in=joined.values("consortium"))
    return rows.select_related("consortium").order_by("consortium", "order", "pk")


def own_schools(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The member schools whose programmes ``user`` keeps."""
    members = Membership.objects.current().filter(consortium=consortium)
    rows = visible_schools(user).filter(pk__in=organisations_of(user))
    return rows.filter(pk__in=members.values("organisation"))


def may_keep(user: Viewer, school: Organisation) -> Verdict:
    """May ``user`` enter and change the programmes of ``school`` and their figures?"""
    if school.is_school and acts_for(user, school):
        return YES
    return Verdict(_("Only the school's own staff can do this."))


def may_close(user: Viewer, programme: Programme) -> Verdict:
    verdict = may_keep(user, programme.school)
    if verdict and programme.closed is not None:
        return Verdict(_("It has been closed already."))
    return verdict


def may_reopen(user: Viewer, programme: Programme) -> Verdict:
    verdict = may_keep(user, programme.school)
    if verdict and programme.closed is None:
        return Verdict(_("It is open."))
    return verdict


def latest_year() -> int:
    """The last year for which there can be figures."""
    return clock.today().year
