"""Giving and withdrawing consent, and noting who looked."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files import services as files
from silian.kernel.notices.services import notify
from silian.kernel.persons.models import Person
from silian.kernel.states import IllegalMove, move
from silian.talent.consents.models import Consent, Question, View
from silian.talent.consents.wordings import wording_of
from silian.talent.profiles.policy import is_minor, needs_guardian
from silian.talent.profiles.sightings import noted

# --- consent ------------------------------------------------------------------------------


class GuardianNeeded(Exception):
    """A child's consent counts only when the guardian gives it."""


@transaction.atomic
def give(  # noqa: PLR0913  a consent is these few facts
    person: Person,
    purpose: str,
    *,
    by: User | None,
    recipient: Organisation | None = None,
    covers: Iterable[str] | None = None,
    by_guardian: str = "",
) -> Consent:
    """Note that ``person`` consents to the wording in use; an earlier one for the same ends.

    ``covers`` are the kinds of data chosen, by default all that the wording names. Raises
    GuardianNeeded for a child, unless ``by_guardian`` names who consented.
    """
    wording = wording_of(purpose)
    if needs_guardian(person) and not by_guardian:
        raise GuardianNeeded
    if wording.recipient != (recipient is not None):
        raise ValueError(f"{purpose}: a recipient is given exactly where the wording has one")
    chosen = wording.kinds if covers is None else [k for k in wording.kinds if k in set(covers)]
    Person.objects.select_for_update().get(pk=person.pk)  # two windows give one after the other
    before = Consent.objects.running().filter(person=person, purpose=purpose, recipient=recipient)
    before.update(withdrawn_at=clock.now())
    consent = Consent.objects.create(
        person=person,
        recipient=recipient,
        purpose=purpose,
        version=wording.version,
        text=wording.whole,
        covers=list(chosen),
        by_guardian=by_guardian,
        given_by=by,
    )
    record(consent, gettext_noop("Consent given"), by=by, version=wording.version)
    if recipient and not wording.quiet:
        message = gettext_noop("%(person)s allows %(side)s something new: %(purpose)s")
        _tell(consent, message, url=_page_of(consent))
    if is_minor(person) and not by_guardian:
        _tell_guardian(consent)
    return consent


@transaction.atomic
def withdraw(consent: Consent, *, by: User | None) -> None:
    """From this moment on ``consent`` allows nothing; its recipient is told."""
    if not Consent.objects.running().filter(pk=consent.pk).update(withdrawn_at=clock.now()):
        raise IllegalMove(f"{consent.pk} was withdrawn already")
    consent.refresh_from_db()
    record(consent, gettext_noop("Consent withdrawn"), by=by)
    if consent.recipient and _is_known(consent):
        message = gettext_noop(
            "%(person)s no longer allows %(side)s: %(purpose)s. Delete what you copied."
        )
        _tell(consent, message)


def _is_known(consent: Consent) -> bool:
    """Was the recipient told of it, or has it seen the person since?"""
    seen = View.objects.filter(person=consent.person, organisation=consent.recipient)
    return not wording_of(consent.purpose).quiet or seen.exists()


def _page_of(consent: Consent) -> str:
    """Where the recipient reads what it may."""
    readable = consent.purpose == Consent.Purpose.RECORD
    return reverse("records:person", args=[consent.person_id]) if readable else ""


def _tell(consent: Consent, message: str, url: str = "") -> None:
    recipient = consent.recipient
    if recipient:
        told = {"person": consent.person.name, "side": both(recipient)}
        told["purpose"] = consent.purpose_names
        notify(people_of(recipient), message, url=url, **told)


def _tell_guardian(consent: Consent) -> None:
    """From 14 to 17 the guardian is informed, where the installation wants it."""
    if settings.TELL_GUARDIANS and consent.person.guardian_email:
        app.configure_task("silian.talent.consents.tasks.mail_guardian_of_minor").defer(
            consent_id=consent.pk
        )


# --- guardians ----------------------------------------------------------------------------


@transaction.atomic
def ask_guardian(
    person: Person,
    purpose: str,
    *,
    by: User,
    recipient: Organisation | None = None,
    covers: Iterable[str] | None = None,
) -> Question:
    """Ask the guardian by a link; it is mailed where there is an address, else handed over.

    The question that waits already is returned as it is.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    asked = Question.objects.filter(person=person, purpose=purpose, recipient=recipient)
    waiting = asked.filter(state=Question.State.WAITING).first()
    if waiting and waiting.expires_at > clock.now():
        return waiting
    if waiting:
        move(waiting, Question.State.LAPSED, by=None)
    question = Question(person=person, purpose=purpose, recipient=recipient, by=by)
    question.covers = list(wording_of(purpose).kinds if covers is None else covers)
    question.nonce = secrets.token_hex(16)
    question.digest = digest_of(question.token)
    question.expires_at = clock.now() + timedelta(days=settings.INVITATION_DAYS)
    question.save()
    record(question, gettext_noop("Guardian asked"), by=by)
    if person.guardian_email:
        app.configure_task("silian.talent.consents.tasks.mail_question").defer(
            question_id=question.pk
        )
    return question


def find_question(token: str) -> Question | None:
    """The question that a guardian's link leads to, answered or not."""
    rows = Question.objects.select_related("person", "recipient", "consent")
    return rows.filter(digest=digest_of(token), person__forgotten_at=None).first()


@transaction.atomic
def consent_for_child(
    question: Question, *, guardian: str, by: User | None = None, why: str = ""
) -> Consent:
    """The guardian says yes: by the link (``by`` None) or on paper that the school entered."""
    consent = give(
        question.person,
        question.purpose,
        by=by,
        recipient=question.recipient,
        covers=question.covers,
        by_guardian=guardian,
    )
    move(question, Question.State.GIVEN, by=by, why=why, consent=consent)
    return consent


@transaction.atomic
def keep_scan(
    question: Question, upload: "UploadedFile[bytes]", *, guardian: str, by: User
) -> Consent:
    """The school enters a consent that the guardian gave on paper."""
    question.scan = files.store(upload, by=by)
    question.save(update_fields=["scan"])
    return consent_for_child(question, guardian=guardian, by=by)


def refuse_for_child(question: Question) -> None:
    move(question, Question.State.REFUSED, by=None)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- who looked ---------------------------------------------------------------------------

# In one statement, as every page that names people runs it: all but the reader, who is not noted.
NOTE = """
INSERT INTO consents_view (person_id, by_id, organisation_id, what, as_file, at)
SELECT id, %(by)s, %(organisation)s, %(what)s, %(as_file)s, %(now)s
FROM persons_person AS person
WHERE id = ANY(%(people)s) AND user_id IS DISTINCT FROM %(by)s AND NOT EXISTS (
    SELECT FROM consents_view WHERE person_id = person.id AND by_id = %(by)s AND what = %(what)s
    AND as_file = %(as_file)s AND organisation_id IS NOT DISTINCT FROM %(organisation)s
    AND at >= %(today)s
)
ORDER BY id
"""


def note_view(person: Person, what: str, *, by: User, organisation: Organisation | None) -> None:
    """Keep that ``by`` saw ``what`` (a msgid) of ``person``, unless they are that person."""
    note_views([person], what, by=by, organisation=organisation)


def note_views(
    people: Iterable[Person | int],
    what: str,
    *,
    by: User,
    organisation: Organisation | None,
    as_file: bool = False,
) -> None:
    """The same for many, as a list or in a file that leaves: one line a person, ``what`` and day,
    however often.
    """
    keys = [one.pk if isinstance(one, Person) else one for one in people]
    noted(keys)
    facts: dict[str, Any] = {"by": by.pk, "what": what, "as_file": as_file, "now": clock.now()}
    facts["organisation"] = organisation.pk if organisation else None
    facts["today"] = timezone.make_aware(datetime.combine(clock.today(), time()))
    with connection.cursor() as cursor:
        cursor.execute(NOTE, facts | {"people": keys})
