"""What happens to a resolution: entered, reported on, confirmed or dropped, and reminded of."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Consortium
from silian.governance.motions.models import Motion
from silian.governance.resolutions.models import Numbering, Report, Resolution
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files.services import DOCUMENTS, store
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Resolution.State


def facts_of(motion: Motion) -> dict[str, Any]:
    """What a resolution takes over from a carried motion."""
    assert motion.decided_at
    names = ("title_zh", "title_en", "text_zh", "text_en")
    facts: dict[str, Any] = {name: getattr(motion, name) for name in names}
    facts["meeting"] = motion.item.meeting if motion.item else None
    return facts | {"decided_on": timezone.localtime(motion.decided_at).date()}


@transaction.atomic
def enter_resolution(
    consortium: Consortium,
    *,
    by: User,
    decided_on: date,
    motion: Motion | None = None,
    **facts: Any,
) -> Resolution:
    """Give it the next number of its year. Where it has no due date there is nothing to be done.

    Two at once wait for each other at the consortium's row, so that no number is given twice.
    """
    Consortium.objects.select_for_update().get(pk=consortium.pk)
    if motion and (motion.state != Motion.State.CARRIED or is_entered(motion)):
        raise IllegalMove(f"{motion} was not carried, or has its resolution")
    year = decided_on.year
    last = consortium.resolutions.filter(year=year).aggregate(last=Max("serial"))["last"] or 0
    number = numbering_of(consortium).number(year, last + 1)
    numbered = {"year": year, "serial": last + 1, "number": number, "decided_on": decided_on}
    if not facts.get("due_on"):
        facts |= {"state": State.DONE, "ended_on": decided_on}
    resolution = Resolution.objects.create(
        consortium=consortium, motion=motion, **(numbered | facts)
    )
    record(resolution, gettext_noop("Resolution entered"), by=by)
    if resolution.is_running:
        message = gettext_noop("You are in charge of “%(resolution)s”, due on %(due)s.")
        _tell_owner(resolution, message, due=f"{resolution.due_on}")
    return resolution


def is_entered(motion: Motion) -> bool:
    return Resolution.objects.filter(motion=motion).exists()


@transaction.atomic
def change_resolution(resolution: Resolution, *, by: User, why: str) -> None:
    """Give it to somebody else or another day; both units are told."""
    before = Resolution.objects.select_for_update(of=("self",)).get(pk=resolution.pk)
    if not before.is_running:
        raise IllegalMove(f"{resolution} is done or dropped")
    resolution.reminded_on = None
    resolution.save(update_fields=["owner", "person", "due_on", "reminded_on"])
    facts = {"owner": str(resolution.owner), "due": str(resolution.due_on)}
    record(resolution, gettext_noop("Owner or due date changed"), by=by, why=why, **facts)
    message = gettext_noop("“%(resolution)s” has another owner or due date: %(why)s")
    for unit in {before.owner, resolution.owner}:
        if unit:
            notify(people_of(unit), message, **_words(resolution), why=why)


@transaction.atomic
def report(
    resolution: Resolution,
    text: str,
    *,
    by: User,
    files: Iterable["UploadedFile[bytes]"] = (),
    done: bool = False,
) -> Report:
    """Say how far it is; ``done`` where the unit in charge holds it to be carried out."""
    held = Resolution.objects.select_for_update(of=("self",)).get(pk=resolution.pk)
    if not held.is_running:
        raise IllegalMove(f"{resolution} is done or dropped")
    said = Report.objects.create(resolution=resolution, text=text, by=by)
    said.files.add(*(store(upload, by=by, kinds=DOCUMENTS) for upload in files))
    record(resolution, gettext_noop("Progress reported"), by=by)
    message = gettext_noop("How far it is with “%(resolution)s” was reported.")
    if done:
        move(resolution, State.REPORTED, by=by)
        message = gettext_noop("“%(resolution)s” was reported done; please confirm it.")
    _tell_secretariat(resolution, message, by=by)
    return said


@transaction.atomic
def confirm(resolution: Resolution, *, by: User, outcome: str = "") -> None:
    """The secretariat holds it to be done."""
    move(resolution, State.DONE, by=by, outcome=outcome, ended_on=clock.today())
    _tell_owner(resolution, gettext_noop("“%(resolution)s” is confirmed as done."))


@transaction.atomic
def give_back(resolution: Resolution, *, by: User, why: str) -> None:
    """It was reported done, but is not."""
    move(resolution, State.OPEN, by=by, why=why)
    _tell_owner(resolution, gettext_noop("“%(resolution)s” is not done yet: %(why)s"), why=why)


@transaction.atomic
def drop(resolution: Resolution, *, by: User, why: str) -> None:
    """It will not be carried out any more."""
    move(resolution, State.DROPPED, by=by, why=why, outcome=why, ended_on=clock.today())
    _tell_owner(resolution, gettext_noop("“%(resolution)s” was dropped: %(why)s"), why=why)


@transaction.atomic
def set_numbering(numbering: Numbering, *, by: User) -> None:
    """Change how later resolutions are numbered; those entered keep their numbers."""
    numbering.save()
    action = gettext_noop("Numbering of resolutions set")
    record(numbering.consortium, action, by=by, prefix=numbering.prefix)


def numbering_of(consortium: Consortium) -> Numbering:
    known = Numbering.objects.filter(consortium=consortium).first()
    return known or Numbering(consortium=consortium)


def remind_all() -> None:
    """Remind of what is due soon and of what is overdue, each once at its time."""
    today = clock.today()
    for resolution in Resolution.objects.filter(state=State.OPEN).select_related("owner"):
        if resolution.reminder_is_due(today):
            _remind(resolution, today)


@transaction.atomic
def _remind(resolution: Resolution, today: date) -> None:
    unsaid = Resolution.objects.filter(pk=resolution.pk, reminded_on=resolution.reminded_on)
    if not unsaid.update(reminded_on=today):
        return
    due = f"{resolution.due_on}"
    if (resolution.days_left or 0) >= 0:
        _tell_owner(resolution, gettext_noop("“%(resolution)s” is due on %(due)s."), due=due)
        return
    message = gettext_noop("“%(resolution)s” was due on %(due)s and is not done.")
    _tell_owner(resolution, message, due=due)
    notify(secretaries_of(resolution.consortium), message, **_words(resolution), due=due)


def _tell_owner(resolution: Resolution, message: str, **params: Any) -> None:
    if resolution.owner:
        notify(people_of(resolution.owner), message, **_words(resolution), **params)


def _tell_secretariat(resolution: Resolution, message: str, *, by: User) -> None:
    others = secretaries_of(resolution.consortium).exclude(pk=by.pk)
    notify(others, message, **_words(resolution))


def _words(resolution: Resolution) -> dict[str, Any]:
    """What the notices of a resolution are worded with, and where they lead."""
    url = resolution.get_absolute_url()
    return {"resolution": both(resolution, "title"), "url": url}
