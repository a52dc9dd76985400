"""Who keeps templates, and what of one's own could be stated again."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, acts_for, is_secretary, organisations_of
from silian.industry.demand.models import Position
from silian.industry.demand.policy import may_review, may_state, visible_employers
from silian.industry.outlines.models import Template
from silian.kernel.verdicts import YES, Verdict


def visible_templates(user: Viewer, consortium: Consortium) -> QuerySet[Template]:
    """One's employers' own, and the samples of the consortium."""
    own = Q(organisation__in=organisations_of(user)) | Q(organisation=None)
    found = Template.objects.filter(own, consortium=consortium)
    return found.select_related("organisation", "occupation", "consortium")


def visible_past(user: Viewer, consortium: Consortium) -> QuerySet[Position]:
    """What ``user``'s employers once published here."""
    own = Position.objects.filter(organisation__in=visible_employers(user, consortium))
    past = own.filter(consortium=consortium, published_at__isnull=False, starts_on__isnull=False)
    return past.for_lists().order_by("title_zh", "pk")


def may_keep_templates(user: Viewer, consortium: Consortium) -> Verdict:
    return YES if is_secretary(user, consortium) else may_state(user, consortium)


def may_change(user: Viewer, template: Template) -> Verdict:
    """Its employer's people may, and the secretariat a sample."""
    if template.organisation is None:
        return may_review(user, template.consortium)
    if acts_for(user, template.organisation):
        return YES
    return Verdict(_("Only somebody who acts for the employer can do this."))
