"""Who may see the bodies of a consortium, and who founds, changes and closes them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, acts_for, is_secretary
from silian.kernel.verdicts import YES, Verdict


def visible_bodies(user: Viewer) -> QuerySet[Body]:
    """All are public; those that are only planned are shown as planned."""
    return Body.objects.select_related("consortium", "host", "cluster", "plaque")


def visible_hosts(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """Who can host or help to build a body: the current members of ``consortium``."""
    current = consortium.memberships.current()
    return Organisation.objects.filter(pk__in=current.values("organisation"))


def may_create(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` plan bodies of ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, body: Body) -> Verdict:
    return may_create(user, body.consortium) and _unless_closed(body)


def may_found(user: Viewer, body: Body) -> Verdict:
    """May ``user`` declare the planned ``body`` open?"""
    verdict = may_create(user, body.consortium) and _unless_closed(body)
    if verdict and body.state != Body.State.PLANNED:
        return Verdict(_("This body has been founded already."))
    if verdict and not body.host_id:
        return Verdict(_("Name its host first."))
    return verdict


def may_issue_plaque(user: Viewer, body: Body) -> Verdict:
    """May ``user`` give the host of a running ``body`` its plaque?"""
    verdict = may_create(user, body.consortium)
    if verdict and body.state != Body.State.RUNNING:
        return Verdict(_("Only a running body is given a plaque."))
    if verdict and not body.host_id:
        return Verdict(_("Name its host first."))
    if verdict and body.plaque and not body.plaque.withdrawn_on:
        return Verdict(_("This body has a plaque already."))
    return verdict


def may_close(user: Viewer, body: Body) -> Verdict:
    return may_create(user, body.consortium) and _unless_closed(body)


def may_see_record(user: Viewer, body: Body) -> Verdict:
    """May ``user`` read who did what to ``body`` and why?"""
    if body.host and acts_for(user, body.host):
        return YES
    return may_create(user, body.consortium)


def _unless_closed(body: Body) -> Verdict:
    if body.state == Body.State.CLOSED:
        return Verdict(_("This body is closed."))
    return YES
