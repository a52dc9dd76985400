"""Who words an agreement, speaks about it, agrees to it and freezes it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement, Comment, Party, Version
from silian.governance.agreements.policy import (
    may_administer,
    parties_of,
    while_draft,
)
from silian.governance.consortia.models import Consortium
from silian.governance.drafting.models import Consent, Template
from silian.governance.drafting.readiness import latest, obstacles
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.verdicts import YES, Verdict


def visible_versions(user: Viewer) -> QuerySet[Version]:
    """Texts of agreements at whose table ``user`` sits, the latest first."""
    tables = Agreement.objects.filter(parties__in=organisations_of(user))
    own = Agreement.objects.filter(consortium__in=secretariats_of(user))
    rows = Version.objects.filter(agreement__in=(tables.values("pk") | own.values("pk")))
    return rows.select_related("agreement__consortium", "organisation", "by")


def visible_comments(user: Viewer) -> QuerySet[Comment]:
    rows = Comment.objects.filter(version__in=visible_versions(user).values("pk"))
    return rows.select_related("version__agreement__consortium", "organisation", "by", "settled_by")


def visible_templates(user: Viewer) -> QuerySet[Template]:
    """The templates of consortia that ``user`` belongs to."""
    tables = Consortium.objects.filter(memberships__organisation__in=organisations_of(user))
    own = Consortium.objects.filter(pk__in=secretariats_of(user))
    rows = Template.objects.filter(consortium__in=(tables.values("pk") | own.values("pk")))
    return rows.select_related("consortium", "by")


def checkable(code: str) -> Agreement | None:
    """What a check code names: it was frozen, and whoever holds the document may know it."""
    rows = Agreement.everything.select_related("consortium", "frozen")
    return rows.prefetch_related("party_set__organisation").filter(check_code=code).first()


def may_edit(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` change facts and terms, add texts and comments? All at the table may."""
    if may_administer(user, agreement) or parties_of(user, agreement):
        return while_draft(agreement)
    return Verdict(_("Only the parties and the secretariat can do this."))


def may_settle(user: Viewer, comment: Comment) -> Verdict:
    """May ``user`` settle ``comment``? The side that made it may, and the secretariat."""
    agreement = comment.version.agreement
    verdict = may_edit(user, agreement)
    if verdict and comment.settled_at:
        return Verdict(_("This comment is settled already."))
    own = comment.organisation and acts_for(user, comment.organisation)
    if verdict and not own and not may_administer(user, agreement):
        return Verdict(_("Only those who made the comment and the secretariat settle it."))
    return verdict


def may_agree(user: Viewer, party: Party) -> Verdict:
    """May ``user`` agree to the latest version in the name of ``party``?"""
    if party.organisation is None or not acts_for(user, party.organisation):
        return Verdict(_("Only the people of this party can do this."))
    verdict = while_draft(party.agreement)
    version = latest(party.agreement)
    if verdict and version is None:
        return Verdict(_("There is no text yet."))
    if verdict and has_agreed(party, version):
        return Verdict(_("This party agrees to it already."))
    return verdict


def has_agreed(party: Party, version: Version | None) -> bool:
    return Consent.objects.filter(version=version, party=party).exists()


def may_freeze(user: Viewer, agreement: Agreement) -> Verdict:
    """May ``user`` freeze the text now? Only when nothing stands against it."""
    verdict = may_administer(user, agreement) and while_draft(agreement)
    if verdict and (found := obstacles(agreement)):
        return Verdict(found[0])
    return verdict


def may_edit_templates(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def side_of(user: Viewer, agreement: Agreement) -> Organisation | None:
    """In whose name ``user`` writes: their own organisation, or nobody's for the secretariat."""
    sides = parties_of(user, agreement)
    return sides[0].organisation if sides else None
