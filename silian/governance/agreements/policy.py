"""Who may see agreements, and who registers and ends them."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    people_of,
    secretariats_of,
    secretaries_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict


def visible_agreements(user: Viewer) -> QuerySet[Agreement]:
    """What was signed is public; drafts are seen by their parties and the secretariat.

    Each brings its ``party_set`` in order, with the organisations.
    """
    public = Q(signed_on__isnull=False) | Q(consortium__in=secretariats_of(user))
    mine = Party.objects.filter(organisation__in=organisations_of(user)).values("agreement")
    parties = Prefetch("party_set", queryset=Party.objects.select_related("organisation"))
    rows = Agreement.objects.filter(public | Q(pk__in=mine))
    return rows.select_related("consortium", "frozen").prefetch_related(parties)


def visible_parties(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """Who can become a party: the current members of ``consortium``."""
    current = consortium.memberships.current()
    return Organisation.objects.filter(pk__in=current.values("organisation"))


def school_of(agreement: Agreement) -> Organisation | None:
    """The school that looks after a person's agreement."""
    schools = Organisation.objects.filter(kind__in=Organisation.SCHOOLS)
    return schools.filter(party__agreement=agreement).first()


def keepers_of(agreement: Agreement) -> QuerySet[User]:
    """Who is told how ``agreement`` gets on: the secretariat, or a student's school."""
    school = school_of(agreement) if agreement.is_personal else None
    return people_of(school) if school else secretaries_of(agreement.consortium)


def may_create(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` draft agreements: the secretariat any, a member's people its own?"""
    if is_secretary(user, consortium):
        return YES
    if consortium.memberships.current().filter(organisation__in=organisations_of(user)).exists():
        return YES
    return Verdict(_("Only the secretariat and the people of members can do this."))


def may_administer(user: Viewer, agreement: Agreement) -> Verdict:
    """Does ``user`` act for those who look after ``agreement``?

    That is the secretariat; a person's agreement is their school's business and not its.
    """
    if agreement.is_personal:
        school = school_of(agreement)
        if school and acts_for(user, school):
            return YES
        return Verdict(_("Only the school can do this."))
    if is_secretary(user, agreement.consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_register(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` enter that a draft was signed on paper? All parties must still be members."""
    verdict = _by_hand(agreement) and may_administer(user, agreement) and while_draft(agreement)
    if verdict and (gone := gone_parties(agreement)):
        return Verdict(_("No longer a member: %(names)s") % {"names": "、".join(gone)})
    return verdict


def may_end(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` note that it is over, or that negotiations were given up?"""
    verdict = _by_hand(agreement) and may_administer(user, agreement)
    if verdict and agreement.state == Agreement.State.ENDED:
        return Verdict(_("This agreement has ended already."))
    return verdict


def may_see_record(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` read who did what to ``agreement`` and why?"""
    return YES if parties_of(user, agreement) else may_administer(user, agreement)


def may_read_text(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` read text, terms and document? The parties, the secretariat, or everybody."""
    if agreement.public_text and agreement.signed_on:
        return YES
    return may_see_record(user, agreement)


def parties_of(user: Viewer, agreement: Agreement) -> list[Party]:
    """The parties for whom ``user`` may speak, in their order."""
    mine = organisations_of(user)
    return [party for party in agreement.party_set.all() if party.organisation_id in mine]


def gone_parties(agreement: Agreement) -> list[str]:
    """The names of parties that are no members any more."""
    current = agreement.consortium.memberships.current()
    members = set(current.values_list("organisation", flat=True))
    units = units_of(agreement.party_set.all())
    return [unit.name for unit in units if unit.pk not in members]


def units_of(parties: Iterable[Party]) -> list[Organisation]:
    """The organisations among ``parties``, in their order: a natural person is left out."""
    return [party.organisation for party in parties if party.organisation]


def unit_of(party: Party) -> Organisation:
    """Which organisation ``party`` is, for agreements of which no person can be a party."""
    if party.organisation is None:
        raise ValueError(f"party {party.pk} is a person")
    return party.organisation


def _by_hand(agreement: Agreement) -> Verdict:
    if agreement.is_personal:
        return Verdict(_("This follows from the internship."))
    return YES


def while_draft(agreement: Agreement) -> Verdict:
    if agreement.state != Agreement.State.DRAFT:
        return Verdict(_("What is being signed, signed or ended can no longer be changed."))
    return YES
