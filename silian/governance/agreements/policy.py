"""Who may see agreements, and who drafts, signs and ends them."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import (
    Viewer,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.verdicts import YES, Verdict


def visible_agreements(user: Viewer) -> QuerySet[Agreement]:
    """What was signed is public; drafts are seen by their parties and the secretariat.

    Each brings its ``party_set`` in order, with the organisations.
    """
    public = Q(signed_on__isnull=False) | Q(consortium__in=secretariats_of(user))
    mine = Party.objects.filter(organisation__in=organisations_of(user)).values("agreement")
    parties = Prefetch("party_set", queryset=Party.objects.select_related("organisation"))
    rows = Agreement.objects.filter(public | Q(pk__in=mine))
    return rows.select_related("consortium").prefetch_related(parties)


def visible_parties(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """Who can become a party: the current members of ``consortium``."""
    current = consortium.memberships.current()
    return Organisation.objects.filter(pk__in=current.values("organisation"))


def may_create(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` draft agreements within ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, agreement: Agreement) -> Verdict:
    return may_create(user, agreement.consortium) and _while_draft(agreement)


def may_sign(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` note that all parties have signed? They must all be members still."""
    verdict = may_create(user, agreement.consortium) and _while_draft(agreement)
    if not verdict:
        return verdict
    members = set(visible_parties(user, agreement.consortium).values_list("pk", flat=True))
    parties = [party.organisation for party in agreement.party_set.all()]
    if gone := [party.name for party in parties if party.pk not in members]:
        return Verdict(_("No longer a member: %(names)s") % {"names": "、".join(gone)})
    return YES


def may_end(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` note that it is over, or that negotiations were given up?"""
    verdict = may_create(user, agreement.consortium)
    if verdict and agreement.state == Agreement.State.ENDED:
        return Verdict(_("This agreement has ended already."))
    return verdict


def may_see_record(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` read who did what to ``agreement`` and why?"""
    parties = {party.organisation_id for party in agreement.party_set.all()}
    if parties & organisations_of(user):
        return YES
    return may_create(user, agreement.consortium)


def _while_draft(agreement: Agreement) -> Verdict:
    if agreement.state != Agreement.State.DRAFT:
        return Verdict(_("A signed or ended agreement can no longer be changed."))
    return YES
