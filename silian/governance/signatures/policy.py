"""Who signs, refuses, hands in paper, and checks it."""

from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Party
from silian.governance.agreements.policy import may_administer
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    organisations_of,
)
from silian.governance.signatures.models import Scan
from silian.governance.signing.models import Method, Signatory
from silian.governance.signing.policy import (
    in_turn,
    of_secretariats,
    visible_signatories,
    while_open,
)
from silian.kernel.verdicts import Verdict


def visible_scans(user: Viewer) -> QuerySet[Scan]:
    """Scans are seen by the secretariat and by whoever acts for the party that signed."""
    own = Q(signatory__organisation__in=organisations_of(user))
    agreement = "signatory__process__agreement"
    party = Party.objects.filter(agreement=OuterRef(agreement))
    person = Q(signatory__organisation=None) & Q(
        Exists(party.filter(organisation__in=organisations_of(user)))
    )
    rows = Scan.objects.filter(own | person | of_secretariats(user, agreement))
    return rows.select_related("file", "by", "checked_by").prefetch_related(
        Prefetch("signatory", queryset=visible_signatories(user))
    )


def may_sign(user: Viewer, signatory: Signatory) -> Verdict:
    """May ``user`` sign on screen? Only the signatory in person, and for their organisation."""
    if signatory.user_id is None or signatory.user_id != user.pk:
        return Verdict(_("Only the signatory in person signs here."))
    if signatory.organisation and not acts_for(user, signatory.organisation):
        return Verdict(_("You do not act for this party any more."))
    return in_turn(signatory)


def may_refuse(user: Viewer, signatory: Signatory) -> Verdict:
    """The signatory may; for one without an account, whoever acts for the party."""
    in_person = signatory.user_id is not None and signatory.user_id == user.pk
    for_them = signatory.user_id is None and _speaks_for(user, signatory)
    if not (in_person or for_them):
        return Verdict(_("Only the signatory can refuse."))
    return in_turn(signatory)


def may_enter(user: Viewer, signatory: Signatory) -> Verdict:
    """May ``user`` hand in what was signed elsewhere: a scan, or an authority's receipt?"""
    keeper = may_administer(user, signatory.process.agreement)
    if not (keeper or _speaks_for(user, signatory)):
        return Verdict(_("Only the party and the secretariat can do this."))
    return in_turn(signatory)


def may_check(user: Viewer, scan: Scan) -> Verdict:
    """The secretariat checks scans; never whoever entered or signed them."""
    verdict = may_administer(user, scan.signatory.process.agreement)
    if not verdict:
        return verdict
    if scan.state != Scan.State.WAITING:
        return Verdict(_("This scan has been checked already."))
    if user.pk in (scan.by_id, scan.signatory.user_id):
        return Verdict(_("A second person checks it: not who entered it, nor who signed."))
    return while_open(scan.signatory.process)


def _speaks_for(user: Viewer, signatory: Signatory) -> bool:
    return signatory.organisation is not None and acts_for(user, signatory.organisation)


def may_sign_by_link(signatory: Signatory) -> Verdict:
    """May whoever holds the personal link sign now?"""
    if signatory.method != Method.LINK:
        return Verdict(_("Only the signatory in person signs here."))
    return in_turn(signatory)


def signatory_of(token: str) -> Signatory | None:
    """Whose personal link this is."""
    try:
        key = Signer(salt="signing.Signatory").unsign(token)
    except BadSignature:
        return None
    rows = Signatory.objects.filter(pk=key, method=Method.LINK)
    return rows.select_related("process__agreement__consortium", "process__document").first()
