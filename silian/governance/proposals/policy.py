"""Who may apply for a body, and who reviews and decides."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.bodies.models import Body
from silian.governance.bodies.policy import reviews_for, visible_proposals
from silian.governance.bodykinds.fields import unanswered
from silian.governance.bodykinds.models import Kind
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, acts_for, is_secretary, organisations_of
from silian.kernel.verdicts import YES, Verdict

__all__ = ["visible_proposals"]
State = Body.State


def visible_applicants(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The current members of ``consortium`` for which ``user`` can apply."""
    current = consortium.memberships.current().filter(organisation__in=organisations_of(user))
    return Organisation.objects.filter(pk__in=current.values("organisation"))


def visible_kinds(user: Viewer, consortium: Consortium) -> list[Kind]:
    """The open kinds that one of the members ``user`` acts for may host."""
    applicants = list(visible_applicants(user, consortium))
    kinds = Kind.objects.for_consortium(consortium).filter(is_open=True)
    return [kind for kind in kinds if any(kind.takes(one) for one in applicants)]


def may_apply(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` apply for a body for one of the members they act for?"""
    if not visible_applicants(user, consortium).exists():
        return Verdict(_("Only somebody who acts for a current member can apply for a body."))
    if not visible_kinds(user, consortium):
        return Verdict(_("No kind of body is open for your organisation."))
    return YES


def may_edit(user: Viewer, body: Body) -> Verdict:
    reason = _("Only a draft or a returned application can be changed.")
    return _for_applicant(user, body, State.DRAFT, State.RETURNED, reason=reason)


def may_submit(user: Viewer, body: Body) -> Verdict:
    verdict = may_edit(user, body)
    if verdict and lacking(body):
        return Verdict(_("Something is not filled in yet: complete the application first."))
    return verdict


def may_withdraw(user: Viewer, body: Body) -> Verdict:
    states = (State.DRAFT, State.SUBMITTED, State.RETURNED)
    return _for_applicant(user, body, *states, reason=_("It can no longer be withdrawn."))


def may_review(user: Viewer, body: Body) -> Verdict:
    """May ``user`` say what they think of the application? Its own people may not."""
    if body.consortium_id not in reviews_for(user):
        return Verdict(_("Only the secretariat and its experts review applications."))
    if body.host and acts_for(user, body.host):
        return Verdict(_("Nobody reviews the application of their own organisation."))
    return _while_submitted(body)


def may_see_opinions(user: Viewer, body: Body) -> Verdict:
    """Reviewers speak freely: their opinions stay among them."""
    if body.consortium_id in reviews_for(user):
        return YES
    return Verdict(_("Only the secretariat and its experts review applications."))


def may_decide(user: Viewer, body: Body) -> Verdict:
    """May ``user`` accept, return or refuse the application?"""
    if not is_secretary(user, body.consortium):
        return Verdict(_("Only the secretariat of the consortium can do this."))
    return _while_submitted(body)


def lacking(body: Body) -> list[str]:
    """The names of the fields of the form that an application needs and lacks."""
    needed = [] if body.plan else ["plan"]
    return needed + unanswered(body.kind, body.answers)


def _for_applicant(user: Viewer, body: Body, *states: State, reason: str) -> Verdict:
    if not (body.host and acts_for(user, body.host)):
        return Verdict(_("Only somebody who acts for the applicant can do this."))
    return YES if body.state in states else Verdict(reason)


def _while_submitted(body: Body) -> Verdict:
    if body.state == State.SUBMITTED:
        return YES
    return Verdict(_("This application is not waiting for review."))
