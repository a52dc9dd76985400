"""Who may see organisations and memberships, and who may do what to them."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    manages,
    organisations_of,
    secretariats_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict


def visible_organisations(user: Viewer) -> QuerySet[Organisation]:
    """The directory of organisations is public; each brings its ``current_memberships``."""
    current = Membership.objects.current().select_related("consortium")
    return Organisation.objects.select_related("region", "industry", "parent").prefetch_related(
        Prefetch("memberships", queryset=current, to_attr="current_memberships")
    )


def visible_memberships(user: Viewer) -> QuerySet[Membership]:
    """Members are public; applications, refusals and departures are seen by the two sides."""
    mine = Q(organisation__in=organisations_of(user)) | Q(consortium__in=secretariats_of(user))
    public = Q(state=Membership.State.ADMITTED)
    rows = Membership.objects.filter(public | mine)
    return rows.select_related("consortium", "organisation__region", "organisation__industry")


def visible_applicants(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The organisations for which ``user`` can apply to ``consortium``."""
    running = Membership.objects.running().filter(consortium=consortium)
    mine = Organisation.objects.filter(pk__in=organisations_of(user))
    return mine.exclude(pk__in=running.values("organisation"))


def may_create_organisation(user: Viewer) -> Verdict:
    system = isinstance(user, User) and user.duty == User.Duty.SYSTEM
    if system or secretariats_of(user):
        return YES
    return Verdict(_("Only a secretariat or the system administrator can add an organisation."))


def may_edit_organisation(user: Viewer, organisation: Organisation) -> Verdict:
    """Its manager may, and the secretariat of a consortium in which it is or wants to be."""
    if manages(user, organisation) or _looks_after(user, organisation):
        return YES
    return Verdict(
        _("Only a manager of the organisation or the secretariat of its consortium can do this.")
    )


def may_see_people(user: Viewer, organisation: Organisation) -> Verdict:
    """May ``user`` read who holds which role in ``organisation``?"""
    if acts_for(user, organisation):
        return YES
    return may_edit_organisation(user, organisation)


def may_apply(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` ask to join ``consortium`` for one of the organisations they act for?"""
    if not organisations_of(user):
        return Verdict(_("Only somebody who acts for an organisation can apply for it."))
    if not visible_applicants(user, consortium).exists():
        return Verdict(_("Your organisation is a member already, or its application is running."))
    return YES


def may_add_members(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` enter members without an application, as at the founding?"""
    return _for_secretariat(user, consortium)


def may_see_dealings(user: Viewer, membership: Membership) -> Verdict:
    """May ``user`` read the application, its contact and what was said about it?"""
    if acts_for(user, membership.organisation) or is_secretary(user, membership.consortium):
        return YES
    return Verdict(_("Only the organisation and the secretariat can read this."))


def may_see_reviews(user: Viewer, membership: Membership) -> Verdict:
    """Reviewers speak freely: their opinions stay in the secretariat."""
    return _for_secretariat(user, membership.consortium)


def may_decide(user: Viewer, membership: Membership) -> Verdict:
    """May ``user`` give an opinion on the application, admit, return or refuse it?"""
    reason = _("This application is not waiting for review.")
    return _for_secretariat_while(user, membership, Membership.State.APPLIED, reason)


def may_resubmit(user: Viewer, membership: Membership) -> Verdict:
    return _for_applicant(user, membership, Membership.State.RETURNED)


def may_withdraw(user: Viewer, membership: Membership) -> Verdict:
    return _for_applicant(user, membership, Membership.State.APPLIED, Membership.State.RETURNED)


def may_suspend(user: Viewer, membership: Membership) -> Verdict:
    reason = _("Only a current membership can be suspended.")
    return _for_secretariat_while(user, membership, Membership.State.ADMITTED, reason)


def may_lift(user: Viewer, membership: Membership) -> Verdict:
    reason = _("This membership is not suspended.")
    return _for_secretariat_while(user, membership, Membership.State.SUSPENDED, reason)


def may_end(user: Viewer, membership: Membership) -> Verdict:
    """A member leaves by its own manager's or the secretariat's hand."""
    if not (manages(user, membership.organisation) or is_secretary(user, membership.consortium)):
        return Verdict(_("Only a manager of the organisation or the secretariat can do this."))
    return _while_member(membership)


def may_regrade(user: Viewer, membership: Membership) -> Verdict:
    return _for_secretariat(user, membership.consortium) and _while_member(membership)


def _for_secretariat(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def _for_secretariat_while(
    user: Viewer, membership: Membership, state: str, reason: str
) -> Verdict:
    """``reason`` says why not, where the membership is in another state than ``state``."""
    verdict = _for_secretariat(user, membership.consortium)
    return verdict if not verdict or membership.state == state else Verdict(reason)


def _for_applicant(user: Viewer, membership: Membership, *states: str) -> Verdict:
    if not acts_for(user, membership.organisation):
        return Verdict(_("Only somebody who acts for the organisation can do this."))
    if membership.state not in states:
        return Verdict(_("This application can no longer be changed."))
    return YES


def _while_member(membership: Membership) -> Verdict:
    if membership.state in (Membership.State.ADMITTED, Membership.State.SUSPENDED):
        return YES
    return Verdict(_("This organisation is not a member."))


def _looks_after(user: Viewer, organisation: Organisation) -> bool:
    running = organisation.memberships.running()
    return running.filter(consortium__in=secretariats_of(user)).exists()
