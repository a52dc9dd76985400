"""Complaining, answering, and who sits at the desk.

The record never names who complained, and nothing of it stands in anybody else's timeline.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Consortium
from silian.kernel import clock, vault
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files import content
from silian.kernel.files.content import DOCUMENTS
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move
from silian.talent.complaints.models import Attachment, Complaint, Message, Officer
from silian.talent.complaints.policy import is_free, running

State = Complaint.State
ANSWER_WITHIN = timedelta(days=15)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is mistaken for something else
CODE_LENGTH = 16


@transaction.atomic
def complain(
    consortium: Consortium, *, about: str, text: str, by: User | None, uploads: Any = ()
) -> tuple[Complaint, str]:
    """Hand a complaint to the desk; returns it with the receipt code, which nobody keeps."""
    code = "".join(secrets.choice(ALPHABET) for _letter in range(CODE_LENGTH))
    complaint = Complaint.objects.create(
        consortium=consortium,
        about=about,
        digest=vault.digest(code),
        user=by,
        due_on=clock.today() + ANSWER_WITHIN,
    )
    _say(complaint, text, uploads)
    record(complaint, gettext_noop("Complaint received"), by=None)
    _tell_desk(complaint, gettext_noop("A complaint has come in."))
    return complaint, code


@transaction.atomic
def add_word(complaint: Complaint, *, text: str, uploads: Any = ()) -> None:
    """Whoever complained says more; an answered complaint is taken up again."""
    if complaint.state == State.CLOSED:
        raise IllegalMove(f"{complaint} is closed")
    _say(complaint, text, uploads)
    if complaint.state == State.ANSWERED:
        move(complaint, State.IN_HAND, by=None)
    _tell_desk(complaint, gettext_noop("There is more to a complaint."))


@transaction.atomic
def take_up(complaint: Complaint, *, by: User) -> None:
    move(complaint, State.IN_HAND, by=by)


@transaction.atomic
def answer(complaint: Complaint, *, by: User, text: str) -> None:
    """The desk answers; whoever gave an account is told, others come back with their code."""
    Message.objects.create(complaint=complaint, of_desk=True, by=by, sealed=vault.sealed(text))
    if complaint.state != State.ANSWERED:
        move(complaint, State.ANSWERED, by=by, answered_at=clock.now())
    if complaint.user:
        url = reverse("complaints:follow", args=[complaint.consortium])
        notify([complaint.user], gettext_noop("The desk has answered your complaint."), url=url)


@transaction.atomic
def close(complaint: Complaint, *, by: User) -> None:
    move(complaint, State.CLOSED, by=by)


@transaction.atomic
def appoint(consortium: Consortium, *, user: User, kind: str, by: User) -> Officer:
    """Seat somebody at the desk who is no side."""
    if not is_free(user):
        raise IllegalMove(f"{user} acts for a side")
    officer = Officer.objects.create(consortium=consortium, user=user, kind=kind)
    record(
        consortium, gettext_noop("Officer of the complaint desk appointed"), by=by, name=user.name
    )
    return officer


@transaction.atomic
def dismiss(officer: Officer, *, by: User) -> None:
    """From today on they see nothing of it."""
    Officer.objects.filter(pk=officer.pk).update(end=clock.today())
    action = gettext_noop("Officer of the complaint desk dismissed")
    record(officer.consortium, action, by=by, name=officer.user.name)


def _say(complaint: Complaint, text: str, uploads: Any) -> None:
    message = Message.objects.create(complaint=complaint, sealed=vault.sealed(text))
    for upload in uploads:
        kind = content.check(upload, DOCUMENTS)
        name = content.clean_name(upload.name or "")
        Attachment.objects.create(
            message=message,
            name=vault.sealed(name),
            media_type=kind.media_type,
            sealed=vault.sealed_bytes(upload.read()),
        )


def _tell_desk(complaint: Complaint, message: str) -> None:
    people = [officer.user for officer in running(complaint.consortium) if is_free(officer.user)]
    url = reverse("complaints:desk_detail", args=[complaint.consortium, complaint.pk])
    notify(people, message, url=url)
