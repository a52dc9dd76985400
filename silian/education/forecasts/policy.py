"""Who may see supply and demand, and who may say where graduates go."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.education.forecasts.figures import programmes_of
from silian.education.programmes.models import Programme
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, acts_for
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.verdicts import YES, Verdict


def visible_programmes(user: Viewer, consortium: Consortium) -> QuerySet[Programme]:
    """Figures by programme are sums without names; everybody may see them."""
    return programmes_of(consortium)


def visible_occupations(user: Viewer) -> QuerySet[Code]:
    return Code.objects.current(CodeList.Kind.OCCUPATION)


def may_share(user: Viewer, programme: Programme) -> Verdict:
    """May ``user`` state into which occupations its graduates go?"""
    if not acts_for(user, programme.school):
        return Verdict(_("Only somebody who acts for the school can do this."))
    if not programme.occupations.exists():
        return Verdict(_("The programme names no occupation yet."))
    return YES
