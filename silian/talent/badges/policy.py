"""A badge is taken along by whoever may see the certificate; keys and status lists are public."""

from django.db.models import QuerySet

from silian.governance.roles.policy import Viewer
from silian.kernel.accounts.models import User
from silian.talent.credentials.models import Certificate
from silian.talent.verification.policy import visible_papers


def own_certificates(user: User) -> QuerySet[Certificate]:
    """Those that ``user`` holds; what was corrected is shown in its newest version alone."""
    return visible_papers(user).filter(person__user=user).order_by("-issued_on", "-pk")


def visible_badges(user: Viewer) -> QuerySet[Certificate]:
    """Certificates that count, of those that ``user`` may see."""
    return visible_papers(user).filter(state=Certificate.State.VALID)
