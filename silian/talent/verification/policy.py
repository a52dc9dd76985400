"""Anybody checks a certificate they hold in their hands; papers are for who may see the row."""

from django.db.models import QuerySet

from silian.governance.roles.policy import Viewer
from silian.talent.credentials import policy as credentials
from silian.talent.credentials.models import Certificate


def visible_papers(user: Viewer) -> QuerySet[Certificate]:
    """Of those that ``user`` may see: what was corrected has no paper any more."""
    rows = credentials.visible_certificates(user).exclude(state=Certificate.State.CORRECTED)
    return rows.select_related("photo", "kind__issuer", "kind__occupation", "person")
