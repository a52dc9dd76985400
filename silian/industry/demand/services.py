"""What can happen to a position. Each function is one thing somebody does."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.roles.policy import people_of, secretaries_of
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.codes.models import Code
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Position.State
FORGET = {"asked_on": None, "lowered_on": None}  # what was noted while nobody answered


@transaction.atomic
def save_position(
    position: Position,
    *,
    skills: Mapping[Skill, int],
    programmes: Iterable[Code],
    by: User,
) -> Position:
    """Keep a new or changed draft with the skills it asks for, each with its level."""
    new = position.pk is None
    if new:
        position.stated_by = by
    position.save()
    position.programmes.set(programmes)
    position.skill_needs.all().delete()
    SkillNeed.objects.bulk_create(
        SkillNeed(position=position, skill=skill, level=level) for skill, level in skills.items()
    )
    action = gettext_noop("Position stated") if new else gettext_noop("Position changed")
    record(position, action, by=by)
    return position


@transaction.atomic
def submit_position(position: Position, *, by: User) -> None:
    """Hand in for review; the secretariat is told."""
    move(position, State.SUBMITTED, by=by, remark="")
    _tell(
        secretaries_of(position.consortium),
        gettext_noop("%(employer)s hands in “%(position)s” for review."),
        position,
    )


def withdraw_position(position: Position, *, by: User) -> None:
    """Take back from review; it is a draft again."""
    move(position, State.DRAFT, by=by)


@transaction.atomic
def publish_position(position: Position, *, by: User) -> None:
    move(position, State.PUBLISHED, by=by, published_at=clock.now(), confirmed_on=clock.today())
    _tell_employer(position, gettext_noop("“%(position)s” is published."))


@transaction.atomic
def publish_positions(positions: Iterable[Position], *, by: User) -> int:
    """All of them or none; how many?"""
    chosen = list(positions)
    for position in chosen:
        publish_position(position, by=by)
    return len(chosen)


@transaction.atomic
def return_position(position: Position, *, reason: str, by: User) -> None:
    move(position, State.RETURNED, by=by, why=reason, remark=reason)
    _tell_employer(position, gettext_noop("“%(position)s” was returned: %(reason)s"), reason=reason)


@transaction.atomic
def return_positions(positions: Iterable[Position], *, reason: str, by: User) -> int:
    """All of them for the same reason, or none; how many?"""
    chosen = list(positions)
    for position in chosen:
        return_position(position, reason=reason, by=by)
    return len(chosen)


@transaction.atomic
def close_position(position: Position, *, reason: str, by: User) -> None:
    """End it. It stays readable where it was public, with the reason."""
    move(position, State.CLOSED, by=by, why=reason, remark=reason, **FORGET)
    if not people_of(position.organisation).filter(pk=by.pk).exists():
        _tell_employer(
            position, gettext_noop("“%(position)s” was closed: %(reason)s"), reason=reason
        )


@transaction.atomic
def confirm_position(position: Position, *, by: User) -> None:
    """State that the need is still true."""
    still_open = Position.objects.published().filter(pk=position.pk)
    if not still_open.update(confirmed_on=clock.today(), **FORGET):
        raise IllegalMove(f"{position.pk} is not published any more")
    position.refresh_from_db()
    record(position, gettext_noop("Confirmed as still true"), by=by)


@transaction.atomic
def confirm_positions(positions: Iterable[Position], *, by: User) -> int:
    """All of them or none; how many?"""
    chosen = list(positions)
    for position in chosen:
        confirm_position(position, by=by)
    return len(chosen)


def reopen_position(position: Position, *, by: User) -> None:
    """Publish again what was closed unanswered: its employer says that it is still true."""
    today = clock.today()
    move(position, State.PUBLISHED, by=by, confirmed_on=today, lapsed_on=None, remark="")


def _tell_employer(position: Position, message: str, **params: str) -> None:
    _tell(people_of(position.organisation), message, position, **params)


def _tell(to: Iterable[User], message: str, position: Position, **params: str) -> None:
    url = reverse("demand:position_detail", args=[position.consortium, position.pk])
    names = {"position": both(position, "title"), "employer": both(position.organisation)}
    notify(to, message, url=url, **names, **params)
