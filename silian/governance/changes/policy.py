"""Who amends, renews and ends agreements, registers contracts, and sets how rules apply."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.agreements.policy import may_administer, parties_of, units_of, while_draft
from silian.governance.agreements.rules import Finding, Rule
from silian.governance.changes.models import EarlyEnd, EarlyEndAnswer, Registration
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.verdicts import YES, Verdict

State = Agreement.State


def visible_early_ends(user: Viewer) -> QuerySet[EarlyEnd]:
    """Parties and secretariat see that somebody wants to end an agreement, with all answers."""
    mine = Party.objects.filter(organisation__in=organisations_of(user)).values("agreement")
    seen = Q(agreement__in=mine) | Q(agreement__consortium__in=secretariats_of(user))
    answers = Prefetch(
        "answers", queryset=EarlyEndAnswer.objects.select_related("organisation", "by")
    )
    rows = EarlyEnd.objects.filter(seen).select_related("agreement__consortium", "organisation")
    return rows.prefetch_related(answers, "agreement__party_set__organisation")


def may_see(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` see what is going on around ``agreement``?"""
    if parties_of(user, agreement) or may_administer(user, agreement):
        return YES
    return Verdict(_("Only the parties and the secretariat can do this."))


def _in_force(user: Viewer, agreement: Agreement) -> Verdict:
    verdict = may_see(user, agreement)
    if verdict and agreement.state != State.SIGNED:
        return Verdict(_("Only an agreement that is in force can be changed or ended."))
    return verdict


def may_amend(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` begin a draft that changes ``agreement``? One at a time."""
    verdict = _in_force(user, agreement)
    if verdict and agreement.amends_id:
        return Verdict(_("This is an amendment itself: amend the original."))
    if verdict and agreement.amendments.filter(state__in=[State.DRAFT, State.SIGNING]).exists():
        return Verdict(_("An amendment is being negotiated already."))
    return verdict


def may_renew(user: Viewer, agreement: Agreement) -> Verdict:
    verdict = _in_force(user, agreement)
    if verdict and agreement.amends_id:
        return Verdict(_("This is an amendment itself: renew the original."))
    if verdict and agreement.renewals.exclude(state=State.ENDED).exists():
        return Verdict(_("It is being renewed already."))
    return verdict


def may_propose_end(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` ask to end ``agreement`` before its term?"""
    verdict = _in_force(user, agreement)
    if verdict and agreement.amends_id:
        return Verdict(_("This is an amendment itself: it ends with the original."))
    if verdict and agreement.early_ends.filter(state__in=EarlyEnd.RUNNING).exists():
        return Verdict(_("Somebody has asked to end it already."))
    return verdict


def speakers(user: Viewer, agreement: Agreement) -> list[Organisation]:
    """The parties in whose name ``user`` can ask."""
    return units_of(parties_of(user, agreement))


def asked(early_end: EarlyEnd) -> list[Organisation]:
    """The parties whose answer is still waited for."""
    said = {early_end.organisation_id}
    said |= {answer.organisation_id for answer in early_end.answers.all()}
    units = units_of(early_end.agreement.party_set.all())
    return [unit for unit in units if unit.pk not in said]


def answering_for(user: Viewer, early_end: EarlyEnd) -> list[Organisation]:
    return [party for party in asked(early_end) if acts_for(user, party)]


def may_answer(user: Viewer, early_end: EarlyEnd) -> Verdict:
    if early_end.state != EarlyEnd.State.PROPOSED:
        return Verdict(_("No answer is waited for any more."))
    if not answering_for(user, early_end):
        return Verdict(_("Your organisation has answered, has asked itself, or is no party."))
    return YES


def may_withdraw(user: Viewer, early_end: EarlyEnd) -> Verdict:
    """Whoever asked may think better of it until the agreement has ended."""
    side = early_end.organisation
    consortium = early_end.agreement.consortium
    if not (acts_for(user, side) if side else is_secretary(user, consortium)):
        return Verdict(_("Only who asked can withdraw it."))
    if early_end.state not in EarlyEnd.RUNNING:
        return Verdict(_("This is over already."))
    return YES


def may_decide(user: Viewer, early_end: EarlyEnd) -> Verdict:
    """May ``user`` end the agreement on a written basis, whatever the answers are?"""
    verdict = may_administer(user, early_end.agreement)
    if verdict and early_end.state not in (EarlyEnd.State.PROPOSED, EarlyEnd.State.OBJECTED):
        return Verdict(_("This is agreed or over already."))
    return verdict


def seller_of(agreement: Agreement) -> Organisation | None:
    """The party that the terms of a technology contract name as its seller."""
    named = str((agreement.terms or {}).get("seller") or "")
    parties = agreement.party_set.all()
    return next((p.organisation for p in parties if str(p.organisation_id) == named), None)


def may_register(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` enter the registration of a technology contract? Its seller, once."""
    if agreement.kind != Agreement.Kind.TECHNICAL_SERVICE or not agreement.signed_on:
        return Verdict(_("Only a signed technology contract is registered."))
    seller = seller_of(agreement)
    if seller is None or not acts_for(user, seller):
        return Verdict(_("A technology contract is registered by its seller alone."))
    if Registration.objects.filter(agreement=agreement).exists():
        return Verdict(_("It is registered already."))
    return YES


def may_waive(user: Viewer, agreement: Agreement, finding: Finding) -> Verdict:
    """May ``user`` pass a warning with a reason?"""
    verdict = may_administer(user, agreement) and while_draft(agreement)
    if verdict and not finding.waivable:
        return Verdict(_("This cannot be passed with a reason, or was already."))
    return verdict


def may_set(user: Viewer, consortium: Consortium, rule: Rule) -> Verdict:
    """May ``user`` choose how strictly ``rule`` applies here?"""
    if not is_secretary(user, consortium):
        return Verdict(_("Only the secretariat of the consortium can do this."))
    if not rule.configurable:
        return Verdict(_("This rule is the same everywhere."))
    return YES
