"""Who may claim an organisation, and who checks the proof."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.claims.models import Claim
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    has_people,
    is_system_administrator,
    secretariats_of,
    secretaries_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import Code
from silian.kernel.verdicts import YES, Verdict

State = Claim.State


def visible_claims(user: Viewer) -> QuerySet[Claim]:
    """One's own, and those one checks: of the members and the region of one's consortium."""
    if not isinstance(user, User):
        return Claim.objects.none()
    rows = Claim.objects.select_related("organisation__region", "user", "proof")
    if is_system_administrator(user):
        return rows
    consortia = Consortium.objects.filter(pk__in=secretariats_of(user)).select_related("region")
    members = Membership.objects.running().filter(consortium__in=consortia)
    near = Q(organisation__in=members.values("organisation"))
    for consortium in consortia:
        if consortium.region:
            below = Code.objects.under(consortium.region)
            near |= Q(organisation__region__in=below.values("pk"))
    return rows.filter(Q(user=user) | near)


def checkers_of(organisation: Organisation) -> QuerySet[User]:
    """The secretariats that look after it; where there is none, the system administrators."""
    joined = Membership.objects.running().filter(organisation=organisation)
    consortia = Consortium.objects.filter(pk__in=joined.values("consortium"))
    if not consortia.exists() and organisation.region:
        above = [organisation.region_id, *_above(organisation.region)]
        consortia = Consortium.objects.filter(region__in=above)
    people = User.objects.none()
    for consortium in consortia:
        people |= secretaries_of(consortium)
    found = people.distinct()
    if found.exists():
        return found
    return User.objects.filter(duty=User.Duty.SYSTEM, is_active=True)


def may_claim(user: Viewer, organisation: Organisation) -> Verdict:
    if not isinstance(user, User):
        return Verdict(_("Sign in first."))
    if acts_for(user, organisation):
        return Verdict(_("You act for it already."))
    if Claim.objects.filter(user=user, organisation=organisation, state__in=Claim.OPEN).exists():
        return Verdict(_("Your claim is being checked."))
    return YES


def is_managed(organisation: Organisation) -> bool:
    return has_people(organisation, Role.Kind.MANAGER)


def may_check(user: Viewer, claim: Claim) -> Verdict:
    """May ``user`` read the proof and answer? Nobody checks their own claim."""
    if not isinstance(user, User) or claim.user_id == user.pk:
        return Verdict(_("Somebody else has to check your claim."))
    if is_system_administrator(user) or visible_claims(user).filter(pk=claim.pk).exists():
        return YES
    return Verdict(_("Only a secretariat or the system administrator can do this."))


def may_decide(user: Viewer, claim: Claim) -> Verdict:
    return may_check(user, claim) and _while(claim, State.SUBMITTED)


def may_resubmit(user: Viewer, claim: Claim) -> Verdict:
    return _own(user, claim) and _while(claim, State.RETURNED)


def may_withdraw(user: Viewer, claim: Claim) -> Verdict:
    return _own(user, claim) and _while(claim, *Claim.OPEN)


def _own(user: Viewer, claim: Claim) -> Verdict:
    if isinstance(user, User) and claim.user_id == user.pk:
        return YES
    return Verdict(_("Only the person who made the claim can do this."))


def _while(claim: Claim, *states: str) -> Verdict:
    if claim.state in states:
        return YES
    return Verdict(_("The claim is settled."))


def _above(code: Code) -> list[int]:
    found = []
    while code.parent_id:
        found.append(code.parent_id)
        code = code.parent  # type: ignore[assignment]  # it has one
    return found
