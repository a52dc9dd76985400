"""What happens to minutes: drafted, changed, circulated, objected to, approved, sealed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.minutes import policy
from silian.governance.minutes.drafting import LOCALES, draft, section
from silian.governance.minutes.models import Approver, Minutes, Objection, Version
from silian.governance.motions.models import Motion
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.documents.services import pdf_of
from silian.kernel.files.services import store
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

__all__ = ["section"]  # what stands above registers with it, see ``drafting``

State = Minutes.State


@transaction.atomic
def draft_minutes(meeting: Meeting, *, by: User, language: str = "zh") -> Minutes:
    """Write the first draft from what happened in ``meeting``."""
    minutes = Minutes(consortium=meeting.consortium, meeting=meeting, language=language)
    try:
        with transaction.atomic():
            minutes.save()
    except IntegrityError as error:
        raise IllegalMove(f"{meeting} has minutes already") from error
    _add_version(minutes, draft(meeting, language), by=by)
    record(minutes, gettext_noop("Minutes drafted"), by=by)
    return minutes


@transaction.atomic
def write(minutes: Minutes, text: str, *, by: User, since: int, note: str = "") -> Version:
    """Keep a changed text, read ``since`` that version; who approved an earlier one is asked anew.

    Raises IllegalMove where somebody else has changed it since then.
    """
    held = _held(minutes, State.DRAFT, State.CIRCULATED)
    if held.versions.latest("number").number != since:
        raise IllegalMove(f"{minutes} has a newer version")
    version = _add_version(minutes, text, by=by, note=note)
    asked_again = minutes.approvers.filter(version__isnull=False)
    message = gettext_noop("The minutes of “%(meeting)s” have changed; please approve them again.")
    notify([row.user for row in asked_again.select_related("user")], message, **_words(minutes))
    asked_again.update(version=None, approved_at=None)
    record(minutes, gettext_noop("Text changed"), by=by, note=note)
    return version


def drafted_again(minutes: Minutes) -> str:
    """What a draft would say now, for instance after resolutions were entered."""
    return draft(minutes.meeting, minutes.language)


@transaction.atomic
def circulate(
    minutes: Minutes, *, by: User, objections_until: date, approvers: Iterable[User]
) -> None:
    """Show them to everybody who was invited, until that day, and ask ``approvers``."""
    _held(minutes, State.DRAFT)
    minutes.approvers.all().delete()
    Approver.objects.bulk_create(Approver(minutes=minutes, user=user) for user in approvers)
    move(minutes, State.CIRCULATED, by=by, objections_until=objections_until)
    facts = _words(minutes) | {"day": f"{objections_until}"}
    message = gettext_noop("Read the minutes of “%(meeting)s”; objections until %(day)s.")
    notify(_invited(minutes), message, **facts)
    message = gettext_noop("Please approve the minutes of “%(meeting)s”.")
    notify([row.user for row in minutes.approvers.select_related("user")], message, **facts)


@transaction.atomic
def reopen(minutes: Minutes, *, by: User, why: str) -> None:
    """Take them back to change them."""
    minutes.approvers.update(version=None, approved_at=None)
    move(
        minutes,
        State.DRAFT,
        by=by,
        why=why,
        approved_on=None,
        approving_motion=None,
        objections_until=None,
    )


@transaction.atomic
def object_to(minutes: Minutes, text: str, *, by: User) -> Objection:
    """Say what is wrong with the circulated text."""
    held = _held(minutes, State.CIRCULATED, State.APPROVED)
    objection = Objection.objects.create(
        version=held.versions.latest("number"),
        organisation_id=policy.unit_of(by, minutes),
        text=text,
        by=by,
    )
    record(minutes, gettext_noop("Objection raised"), by=by)
    message = gettext_noop("An objection to the minutes of “%(meeting)s” waits for an answer.")
    notify(secretaries_of(minutes.consortium), message, **_words(minutes))
    return objection


@transaction.atomic
def answer(objection: Objection, text: str, *, by: User) -> None:
    """Say what became of an objection: worked in, or why not."""
    unanswered = Objection.objects.filter(pk=objection.pk, answer="")
    if not unanswered.update(answer=text, answered_by=by, answered_at=clock.now()):
        raise IllegalMove(f"{objection} was answered")
    minutes = objection.version.minutes
    record(minutes, gettext_noop("Objection answered"), by=by)
    message = gettext_noop("Your objection to the minutes of “%(meeting)s” was answered.")
    notify([objection.by], message, **_words(minutes))


@transaction.atomic
def approve(minutes: Minutes, *, by: User) -> None:
    """Approve the newest text; the last of those named makes the minutes approved."""
    held = _held(minutes, State.CIRCULATED)
    version = held.versions.latest("number")
    mine = held.approvers.filter(user=by, version=None)
    if not mine.update(version=version, approved_at=clock.now()):
        raise IllegalMove(f"{by} has nothing to approve")
    record(minutes, gettext_noop("Approved"), by=by, version=version.number)
    if not held.approvers.filter(version=None).exists():
        move(minutes, State.APPROVED, by=by, approved_on=clock.today())
        _tell_approved(minutes)


@transaction.atomic
def approve_by_motion(minutes: Minutes, motion: Motion, *, by: User) -> None:
    """Note that a meeting has approved them."""
    move(minutes, State.APPROVED, by=by, approving_motion=motion, approved_on=clock.today())
    _tell_approved(minutes)


@transaction.atomic
def seal(minutes: Minutes, *, by: User) -> None:
    """Make the one PDF that counts; from now on nothing of these minutes changes any more.

    Raises ValidationError where the text cannot be set as pages.
    """
    held = _held(minutes, State.APPROVED)
    text = held.versions.latest("number").text
    page = reverse("minutes:check", args=[minutes.consortium, minutes.pk])
    with override(LOCALES[minutes.language]):
        title = _("Minutes: %(meeting)s") % {"meeting": minutes.meeting.title}
        footer = minutes.consortium.name
    content = pdf_of(
        text,
        title=title,
        language=minutes.language,
        footer=footer,
        qr=f"{settings.SITE_URL}{page}",
        on=clock.today(),
    )
    upload = SimpleUploadedFile(f"{title}.pdf", content, content_type="application/pdf")
    pdf = store(upload, by=by)
    move(minutes, State.SEALED, by=by, pdf=pdf, sealed_at=clock.now())
    record(minutes, gettext_noop("Minutes sealed"), by=by, sha256=pdf.sha256)
    message = gettext_noop("The minutes of “%(meeting)s” are sealed.")
    notify(_invited(minutes), message, **_words(minutes))


def _add_version(minutes: Minutes, text: str, *, by: User, note: str = "") -> Version:
    last = minutes.versions.order_by("number").last()
    number = last.number + 1 if last else 1
    return Version.objects.create(minutes=minutes, number=number, text=text, note=note, by=by)


def _held(minutes: Minutes, *states: str) -> Minutes:
    """The minutes under a lock, in one of the states that this step begins from."""
    held = Minutes.objects.select_for_update(of=("self",)).get(pk=minutes.pk)
    if held.state not in states:
        raise IllegalMove(f"{minutes} have moved on")
    return held


def _invited(minutes: Minutes) -> list[User]:
    """The people of everybody who was invited."""
    rows = minutes.meeting.attendees.select_related("user", "organisation")
    return [person for row in rows for person in _people(row)]


def _people(row: Attendee) -> Iterable[User]:
    if row.user:
        return [row.user]
    return people_of(row.organisation) if row.votes and row.organisation else []


def _tell_approved(minutes: Minutes) -> None:
    message = gettext_noop("The minutes of “%(meeting)s” are approved and can be sealed.")
    notify(secretaries_of(minutes.consortium), message, **_words(minutes))


def _words(minutes: Minutes) -> dict[str, Any]:
    """What the notices of minutes are worded with, and where they lead."""
    return {"meeting": both(minutes.meeting, "title"), "url": minutes.get_absolute_url()}
