"""Who signs, refuses, hands in paper, and checks it."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.governance.signatures.models import Scan
from silian.governance.signing.models import Signatory
from silian.governance.signing.policy import (
    for_secretariat,
    in_turn,
    visible_signatories,
    while_open,
)
from silian.kernel.verdicts import Verdict


def visible_scans(user: Viewer) -> QuerySet[Scan]:
    """Scans are seen by the secretariat and by whoever acts for the party that signed."""
    own = Q(signatory__organisation__in=organisations_of(user))
    of_secretariat = Q(signatory__process__agreement__consortium__in=secretariats_of(user))
    rows = Scan.objects.filter(own | of_secretariat)
    return rows.select_related("file", "by", "checked_by").prefetch_related(
        Prefetch("signatory", queryset=visible_signatories(user))
    )


def may_sign(user: Viewer, signatory: Signatory) -> Verdict:
    """May ``user`` sign on screen? Only the signatory in person, and for their organisation."""
    if signatory.user_id is None or signatory.user_id != user.pk:
        return Verdict(_("Only the signatory in person signs here."))
    if not acts_for(user, signatory.organisation):
        return Verdict(_("You do not act for this party any more."))
    return in_turn(signatory)


def may_refuse(user: Viewer, signatory: Signatory) -> Verdict:
    """The signatory may; for one without an account, whoever acts for the party."""
    in_person = signatory.user_id is not None and signatory.user_id == user.pk
    for_them = signatory.user_id is None and acts_for(user, signatory.organisation)
    if not (in_person or for_them):
        return Verdict(_("Only the signatory can refuse."))
    return in_turn(signatory)


def may_enter(user: Viewer, signatory: Signatory) -> Verdict:
    """May ``user`` hand in what was signed elsewhere: a scan, or an authority's receipt?"""
    for_party = acts_for(user, signatory.organisation)
    if not (for_party or is_secretary(user, signatory.process.agreement.consortium)):
        return Verdict(_("Only the party and the secretariat can do this."))
    return in_turn(signatory)


def may_check(user: Viewer, scan: Scan) -> Verdict:
    """The secretariat checks scans; never whoever entered or signed them."""
    verdict = for_secretariat(user, scan.signatory.process.agreement.consortium)
    if not verdict:
        return verdict
    if scan.state != Scan.State.WAITING:
        return Verdict(_("This scan has been checked already."))
    if user.pk in (scan.by_id, scan.signatory.user_id):
        return Verdict(_("A second person checks it: not who entered it, nor who signed."))
    return while_open(scan.signatory.process)
