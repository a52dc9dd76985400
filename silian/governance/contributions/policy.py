"""Who may see the ledger, pledge, deliver, confirm and take back."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.commitments.policy import concerned, may_see
from silian.governance.consortia.models import Consortium
from silian.governance.contributions.models import Entry, Pledge
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, acts_for, is_secretary, organisations_of
from silian.kernel.verdicts import YES, Verdict

AROUND = """agreement__consortium giver receiver by pledge confirmation reversal__confirmation
reverses__confirmation""".split()


def visible_pledges(user: Viewer) -> QuerySet[Pledge]:
    """The parties of the agreement and the secretariat see them, with their sums."""
    rows = Pledge.objects.filter(concerned(user)).with_sums()
    return rows.select_related("agreement__consortium", "giver", "receiver")


def visible_entries(user: Viewer) -> QuerySet[Entry]:
    """Likewise, with all that says how an entry stands."""
    return Entry.objects.filter(concerned(user)).select_related(*AROUND)


def entries_of(organisation: Organisation) -> QuerySet[Entry]:
    """What one organisation gave and received, wherever: for its own people."""
    mine = Q(giver=organisation) | Q(receiver=organisation)
    return Entry.objects.filter(mine).select_related(*AROUND)


def visible_members(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """Whose statement ``user`` can read here: the secretariat everybody's, others their own.

    Whoever has left may have given before; so everybody who is a party of some agreement counts.
    """
    parties = Party.objects.filter(agreement__in=Agreement.objects.filter(consortium=consortium))
    rows = Organisation.objects.filter(pk__in=parties.values("organisation"))
    if is_secretary(user, consortium):
        return rows
    return rows.filter(pk__in=organisations_of(user))


def may_import(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_see_everywhere(user: Viewer, organisation: Organisation) -> Verdict:
    """What it gave in other consortia is its own business."""
    if acts_for(user, organisation):
        return YES
    return Verdict(_("Only the organisation itself sees what it gave elsewhere."))


def may_deliver(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` enter what was given? Also after the end: what was agreed is still owed."""
    verdict = may_see(user, agreement)
    if verdict and not agreement.signed_on:
        return Verdict(_("Only an agreement that is in force binds anybody."))
    return verdict


def may_deliver_on(user: Viewer, pledge: Pledge) -> Verdict:
    """May ``user`` enter what was given of ``pledge``?"""
    if not (acts_for(user, pledge.giver) or is_secretary(user, pledge.agreement.consortium)):
        return Verdict(_("Only the giver and the secretariat enter what was given."))
    return _while_standing(pledge)


def may_cancel(user: Viewer, pledge: Pledge) -> Verdict:
    """Whoever was promised something may do without it; so may the secretariat, with a reason."""
    if not (acts_for(user, pledge.receiver) or is_secretary(user, pledge.agreement.consortium)):
        return Verdict(_("Only the receiver and the secretariat can cancel a pledge."))
    return _while_standing(pledge)


def _while_standing(pledge: Pledge) -> Verdict:
    standing = pledge.state == Pledge.State.STANDING
    return YES if standing else Verdict(_("This pledge was cancelled."))


def may_answer(user: Viewer, entry: Entry) -> Verdict:
    """May ``user`` confirm ``entry`` or object to it? Only for the receiver, as a second person."""
    if not acts_for(user, entry.receiver):
        return Verdict(_("Only the receiver confirms."))
    if not Entry.objects.waiting().filter(pk=entry.pk).exists():
        return Verdict(_("This is answered or reversed already."))
    if entry.by_id == user.pk:
        return Verdict(_("Somebody else than who entered it must confirm."))
    return YES


def may_reverse(user: Viewer, entry: Entry) -> Verdict:
    """Either side may take a line back, and the secretariat; once, and no reversal itself."""
    sides = {entry.giver_id, entry.receiver_id} & organisations_of(user)
    if not sides and not is_secretary(user, entry.agreement.consortium):
        return Verdict(_("Only the two sides and the secretariat can do this."))
    if entry.reverses_id or hasattr(entry, "reversal"):
        return Verdict(_("This was reversed, or is a reversal itself."))
    return YES
