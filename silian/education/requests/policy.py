"""Who answers those who ask for a change."""

from django.utils.translation import gettext as _

from silian.education.standards.models import ChangeRequest
from silian.education.standards.policy import may_request, may_write, visible_requests
from silian.governance.roles.policy import Viewer
from silian.kernel.verdicts import Verdict

__all__ = ["may_answer", "may_request", "visible_requests"]


def may_answer(user: Viewer, request: ChangeRequest) -> Verdict:
    """The school's people answer what is open."""
    verdict = may_write(user, request.standard)
    if verdict and request.state != ChangeRequest.State.OPEN:
        return Verdict(_("It has been answered already."))
    return verdict
