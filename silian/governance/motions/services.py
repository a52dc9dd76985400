"""Moving, amending and withdrawing; ``voting`` holds how motions are voted on."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.motions import amending
from silian.governance.motions.models import Motion, Wording
from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Motion.State


@transaction.atomic
def propose(motion: Motion, *, by: User) -> Motion:
    """Move ``motion``, under its item or for a vote by correspondence."""
    if motion.item:
        motion.consortium, motion.organ = motion.item.meeting.consortium, motion.item.meeting.organ
    motion.save()
    _keep_wording(motion, by=by)
    record(motion, gettext_noop("Moved"), by=by)
    _tell_secretariat(motion, gettext_noop("A motion was moved: %(motion)s"), by=by)
    return motion


@transaction.atomic
def amend(motion: Motion, amendment: Motion, *, by: User) -> Motion:
    """Move that the text of ``motion`` be what ``amendment`` says."""
    held = Motion.objects.select_for_update(of=("self",)).get(pk=motion.pk)
    if held.state != State.PROPOSED or held.amends_id:
        raise IllegalMove(f"{motion} can no longer be amended")
    amendment.amends, amendment.item, amendment.matter = held, held.item, held.matter
    amendment.amends_wording = held.wordings.latest("number")
    propose(amendment, by=by)
    record(held, gettext_noop("Amendment moved"), by=by, amendment=amendment.title_zh)
    return amendment


@transaction.atomic
def save_motion(motion: Motion, *, by: User) -> None:
    """Keep what its mover changed before it is voted on; the text that stood before is kept."""
    held = Motion.objects.select_for_update(of=("self",)).get(pk=motion.pk)
    if held.state != State.PROPOSED:
        raise IllegalMove(f"{motion} was put to the vote or withdrawn")
    motion.save()
    if (held.text_zh, held.text_en) != (motion.text_zh, motion.text_en):
        _keep_wording(motion, by=by)
    record(motion, gettext_noop("Changed"), by=by)


@transaction.atomic
def withdraw(motion: Motion, *, by: User, why: str) -> None:
    """Its mover no longer wants it; amendments to it fall with it."""
    for amendment in motion.amendments.filter(state=State.PROPOSED):
        move(amendment, State.WITHDRAWN, by=by, why=why)
    move(motion, State.WITHDRAWN, by=by, why=why)
    message = gettext_noop("The motion “%(motion)s” was withdrawn: %(why)s")
    _tell_secretariat(motion, message, by=by, why=why)
    if motion.mover:
        notify(people_of(motion.mover).exclude(pk=by.pk), message, **_words(motion), why=why)


@transaction.atomic
def take_over(amendment: Motion, *, by: User | None) -> bool:
    """Work a carried amendment into the text, where it still fits; else somebody must write it."""
    parent = amendment.amends
    if parent is None or amendment.amends_wording is None:
        raise ValueError(f"{amendment} amends nothing")
    texts = amending.merged(amendment.amends_wording, amendment, parent)
    if texts is None:
        message = gettext_noop("Write the text of “%(motion)s” as it stands after the amendment.")
        notify(secretaries_of(parent.consortium), message, **_words(parent))
        return False
    write_amended(parent, amendment, *texts, by=by)
    return True


@transaction.atomic
def write_amended(
    motion: Motion, amendment: Motion, text_zh: str, text_en: str, *, by: User | None
) -> None:
    """Make this the text of ``motion``, as the carried ``amendment`` wants it."""
    held = Motion.objects.select_for_update(of=("self",)).get(pk=motion.pk)
    if held.state != State.PROPOSED:
        raise IllegalMove(f"{motion} was put to the vote or withdrawn")
    motion.text_zh, motion.text_en = text_zh, text_en
    motion.save(update_fields=["text_zh", "text_en"])
    _keep_wording(motion, by=by, amendment=amendment)
    record(motion, gettext_noop("Text amended"), by=by, amendment=amendment.title_zh)


def _keep_wording(motion: Motion, *, by: User | None, amendment: Motion | None = None) -> None:
    last = motion.wordings.order_by("number").last()
    Wording.objects.create(
        motion=motion,
        number=last.number + 1 if last else 1,
        text_zh=motion.text_zh,
        text_en=motion.text_en,
        amendment=amendment,
        by=by,
    )


def _tell_secretariat(motion: Motion, message: str, *, by: User, **params: Any) -> None:
    others = secretaries_of(motion.consortium).exclude(pk=by.pk)
    notify(others, message, **_words(motion), **params)


def _words(motion: Motion) -> dict[str, Any]:
    """What the notices of a motion are worded with, and where they lead."""
    return {"motion": both(motion, "title"), "url": motion.get_absolute_url()}
