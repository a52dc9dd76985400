"""How an edition is written together: people, sections, comments."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from silian.education.authoring.models import Comment, Contributor, Keep, Revision
from silian.education.standards.models import Edition, Section, Unit
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove


class Outdated(Exception):
    """Somebody saved ``section`` while another text of it was being written."""

    def __init__(self, section: Section) -> None:
        self.section = section
        super().__init__(f"{section} was saved meanwhile")


def hold(edition: Edition) -> Edition:
    """The draft as it stands; nobody hands it in or changes it until this is over."""
    drafts = Edition.objects.select_for_update(of=("self",)).select_related("standard__consortium")
    held = drafts.filter(pk=edition.pk, state=Edition.State.DRAFT).first()
    if held is None:
        raise IllegalMove(f"{edition} is no draft any more")
    return held


# --- people -----------------------------------------------------------------------------


@transaction.atomic
def invite(contributor: Contributor, *, by: User) -> Contributor:
    """Let an organisation, or one of its people, take part; they are told."""
    edition = hold(contributor.edition)
    new = contributor.pk is None
    contributor.save()
    facts = {"who": str(contributor), "part": contributor.part}
    record(edition, gettext_noop("Contributor listed"), by=by, **facts)
    if new:
        people = [contributor.user] if contributor.user else people_of(contributor.organisation)
        message = gettext_noop("You are asked to work on “%(standard)s”.")
        _tell([one for one in people if one != by], message, edition)
    return contributor


@transaction.atomic
def remove_contributor(contributor: Contributor, *, by: User) -> None:
    edition = hold(contributor.edition)
    record(edition, gettext_noop("Contributor taken off the list"), by=by, who=str(contributor))
    contributor.delete()


@transaction.atomic
def set_naming(contributor: Contributor, *, named: bool, by: User) -> None:
    """The person agrees to be named where everybody reads, or no longer does."""
    contributor.named = named
    contributor.save(update_fields=["named"])
    action = gettext_noop("Agreed to be named") if named else gettext_noop("Not named any more")
    record(contributor, action, by=by)


def count(
    edition: Edition, side: Organisation | None, *, by: User, edits: int = 0, comments: int = 0
) -> None:
    """Add to what ``by`` has done for ``side``; the secretariat is nobody's side."""
    if side is None:
        return
    facts = {"part": Contributor.Part.WRITER if edits else Contributor.Part.ADVISER}
    row, _new = Contributor.objects.get_or_create(
        edition=edition, organisation=side, user=by, defaults=facts
    )
    Contributor.objects.filter(pk=row.pk).update(
        edits=F("edits") + edits, comments=F("comments") + comments
    )


# --- sections ---------------------------------------------------------------------------


@transaction.atomic
def keep_text(section: Section, *, text: str, version: int, by: User) -> Keep:
    """Keep what ``by`` is typing, unsaved, so that nothing is lost with the page."""
    hold(section.edition)
    facts: dict[str, Any] = {"text": text, "version": version, "at": clock.now()}
    keep, _new = Keep.objects.update_or_create(section=section, by=by, defaults=facts)
    return keep


@transaction.atomic
def discard_keep(section: Section, *, by: User) -> None:
    Keep.objects.filter(section=section, by=by).delete()


@transaction.atomic
def save_section(
    section: Section, *, text: str, version: int, by: User, side: Organisation | None = None
) -> Section:
    """Save the text of a section; Outdated where it is no longer the version it was begun from."""
    edition = hold(section.edition)
    held = Section.objects.select_for_update(of=("self",)).get(pk=section.pk)
    if held.version != version:
        raise Outdated(held)
    Keep.objects.filter(section=held, by=by).delete()
    if held.text == text:
        return held
    held.text, held.version, held.by, held.at = text, version + 1, by, clock.now()
    held.save()
    Revision.objects.create(
        section=held, number=held.version, text=text, organisation=side, by=by, at=held.at
    )
    count(edition, side, by=by, edits=1)
    facts = {"section": section.kind, "version": held.version}
    record(edition, gettext_noop("Section saved"), by=by, **facts)
    return held


# --- comments ---------------------------------------------------------------------------


@transaction.atomic
def add_comment(  # noqa: PLR0913  a comment is these few facts
    edition: Edition,
    *,
    text: str,
    by: User,
    side: Organisation | None = None,
    section: str = "",
    unit: Unit | None = None,
    quote: str = "",
) -> Comment:
    """Say something about the edition, a section, a unit, or a passage; the others are told."""
    held = hold(edition)
    facts: dict[str, Any] = {"section": section, "unit": unit, "quote": quote, "text": text}
    comment = Comment.objects.create(edition=held, organisation=side, by=by, **facts)
    count(held, side, by=by, comments=1)
    school = held.standard.programme.school
    message = gettext_noop("There is a new comment on “%(standard)s”.")
    _tell([one for one in people_of(school) if one != by], message, held)
    return comment


@transaction.atomic
def settle_comment(comment: Comment, *, outcome: str, answer: str = "", by: User) -> None:
    """Say what came of it; who made it is told."""
    edition = hold(comment.edition)
    open_one = Comment.objects.filter(pk=comment.pk, settled_at=None)
    facts: dict[str, Any] = {"outcome": outcome, "answer": answer, "settled_by": by}
    if not open_one.update(settled_at=clock.now(), **facts):
        raise IllegalMove(f"comment {comment.pk} is settled already")
    facts = {"comment": comment.text, "outcome": outcome, "answer": answer}
    record(edition, gettext_noop("Comment settled"), by=by, **facts)
    if comment.by != by:
        message = gettext_noop("Your comment on “%(standard)s” was answered.")
        _tell([comment.by], message, edition)


def _tell(to: Any, message: str, edition: Edition) -> None:
    notify(to, message, url=edition.get_absolute_url(), standard=both(edition.standard, "title"))
