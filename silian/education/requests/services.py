"""How a change request is answered."""

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.standards.models import ChangeRequest, Edition
from silian.kernel.accounts.models import User
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import move

State = ChangeRequest.State


@transaction.atomic
def adopt(request: ChangeRequest, *, edition: Edition, answer: str = "", by: User) -> None:
    """The change stands in ``edition``; who asked is told."""
    move(request, State.ADOPTED, by=by, why=answer, answer=answer, adopted_in=edition)
    _tell(request, gettext_noop("The change you asked of “%(standard)s” was adopted."), by=by)


@transaction.atomic
def decline(request: ChangeRequest, *, answer: str, by: User) -> None:
    move(request, State.DECLINED, by=by, why=answer, answer=answer)
    _tell(request, gettext_noop("The change you asked of “%(standard)s” was declined."), by=by)


def _tell(request: ChangeRequest, message: str, *, by: User) -> None:
    if request.by != by:
        standard = both(request.standard, "title")
        notify([request.by], message, url=request.get_absolute_url(), standard=standard)
