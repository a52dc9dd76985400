"""What still stands between a draft and its freezing."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silian.governance.agreements import rules
from silian.governance.agreements.models import Agreement, Comment, Party, Version
from silian.governance.agreements.policy import gone_parties
from silian.governance.drafting import places
from silian.governance.drafting.models import Consent
from silian.governance.drafting.terms import missing
from silian.kernel import clock


class NotReady(Exception):
    """The text cannot be frozen yet; ``obstacles`` say why, in the reader's language."""

    def __init__(self, obstacles: list[str]) -> None:
        self.obstacles = obstacles
        super().__init__(" ".join(obstacles))


def obstacles(agreement: Agreement) -> list[str]:
    """Why ``agreement`` cannot be frozen, or nothing."""
    version = latest(agreement)
    return [*_of_facts(agreement), *_of_text(agreement, version), *_of_rules(agreement)]


def latest(agreement: Agreement) -> Version | None:
    return agreement.versions.order_by("-number").first()


def open_comments(agreement: Agreement) -> int:
    return Comment.objects.filter(version__agreement=agreement, settled_at=None).count()


def undecided_parties(parties: QuerySet[Party]) -> QuerySet[Party]:
    """Those of ``parties`` that have not agreed to the last version of their agreement."""
    texts = Version.objects.filter(agreement=OuterRef("agreement")).order_by("-number")
    rows = parties.annotate(last=Subquery(texts.values("pk")[:1]))
    agreed = Consent.objects.filter(party=OuterRef("pk"), version=OuterRef("last"))
    return rows.filter(~Exists(agreed)).select_related("organisation")


def _of_facts(agreement: Agreement) -> Iterator[str]:
    if lacking := missing(agreement):
        names = "、".join(term.label for term in lacking)
        yield _("These terms are still open: %(names)s") % {"names": names}
    if gone := gone_parties(agreement):
        yield _("No longer a member: %(names)s") % {"names": "、".join(gone)}
    if agreement.expires_on and agreement.expires_on <= clock.today():
        yield _("Its last day has come already.")


def _of_text(agreement: Agreement, version: Version | None) -> Iterator[str]:
    if version is None:
        yield _("There is no text yet.")
        return
    if unfilled := places.used(version.text):
        yield _("The text has places that are not filled: %(names)s") % {
            "names": "、".join(unfilled)
        }
    if count := open_comments(agreement):
        yield ngettext(
            "%(count)d comment is not settled.", "%(count)d comments are not settled.", count
        ) % {"count": count}
    if agreement.is_personal:  # a model text that nobody bargains about: it is signed or not
        return
    if waiting := undecided_parties(agreement.party_set.all()):
        names = "、".join(party.name for party in waiting)
        facts = {"number": version.number, "names": names}
        yield _("These have not agreed to version %(number)s: %(names)s") % facts


def _of_rules(agreement: Agreement) -> Iterator[str]:
    for finding in rules.findings(agreement):
        if finding.hinders:
            yield f"{finding.message}（{finding.rule.source}）"
