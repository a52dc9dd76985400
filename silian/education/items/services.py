"""Banks, seats, and the life of an item. Each function is one thing somebody does."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.education.banks.models import Bank, Seat
from silian.education.items.models import Comment, Item, Picture, Tested, Version
from silian.education.questions.building import Asked, plain
from silian.education.questions.schema import problems
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.notices.services import notify
from silian.kernel.states import move

State = Version.State


@transaction.atomic
def write_item(item: Item, version: Version, skills: Iterable[Skill], *, by: User) -> Version:
    """A new item with its first version, a draft."""
    hold(item.bank)
    item.number = next_number(item.bank)
    item.save()
    version.item, version.by = item, by
    _keep(version)
    tag(item, skills)
    record(item, gettext_noop("Item written"), by=by, kind=version.kind)
    return version


@transaction.atomic
def save_version(version: Version, skills: Iterable[Skill] | None = None, *, by: User) -> Version:
    """Keep a changed draft; ``skills`` where they were asked for as well."""
    version.item.save()
    _keep(version)
    if skills is not None:
        tag(version.item, skills)
    record(version.item, gettext_noop("Item changed"), by=by, version=version.number)
    return version


@transaction.atomic
def keep_part(version: Version, asked: Asked, *, place: int | None, by: User) -> None:
    """Add a question to a case (``place`` None), or put it where another stood."""
    content, key = asked
    parts, keys = version.content["parts"], version.key
    if place is None:
        parts, keys = [*parts, content], [*keys, key]
    else:
        parts[place], keys[place] = content, key
    version.content, version.key = version.content | {"parts": parts}, keys
    save_version(version, by=by)


@transaction.atomic
def drop_part(version: Version, place: int, *, by: User) -> None:
    del version.content["parts"][place], version.key[place]
    save_version(version, by=by)


@transaction.atomic
def next_version(version: Version, *, by: User) -> Version:
    """Begin the next version with the words of this one; what is in use stays as it is."""
    item = Item.objects.select_for_update(no_key=True).get(pk=version.item_id)
    item.versions.filter(newest=True).update(newest=False)
    fresh = Version(
        item=item,
        number=(item.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        by=by,
        **{name: getattr(version, name) for name in "kind content key".split()},
        explanation_zh=version.explanation_zh,
        explanation_en=version.explanation_en,
    )
    _keep(fresh)
    record(item, gettext_noop("Next version begun"), by=by, version=fresh.number)
    return fresh


@transaction.atomic
def hand_in(versions: Iterable[Version], *, by: User) -> int:
    """Ask for a review. From now on nothing of them changes."""
    handed = list(versions)
    for version in handed:
        if wrong := problems(version.content, version.key):
            message = "; ".join(f"{version.item}: {problem.message}" for problem in wrong[:3])
            raise ValidationError(message)
        move(version, State.REVIEW, by=by)
    for bank in {version.item.bank for version in handed}:
        _tell_reviewers(bank, by)
    return len(handed)


@transaction.atomic
def send_back(version: Version, *, reason: str, by: User) -> None:
    """The author changes it; the reason stands among the comments."""
    move(version, State.DRAFT, by=by, why=reason)
    say(version, reason, by=by)


@transaction.atomic
def approve(versions: Iterable[Version], *, by: User) -> int:
    """May be used from now on, in place of the version that was used until now."""
    approved = list(versions)
    for version in approved:
        before = version.item.versions.filter(state=State.APPROVED).first()
        if before:
            move(before, State.RETIRED, by=by, why=f"{version.number}")
        move(version, State.APPROVED, by=by, reviewed_by=by, reviewed_at=clock.now())
    return len(approved)


@transaction.atomic
def retire(version: Version, *, reason: str, by: User) -> None:
    """Not to be used any more; papers that hold it stay as they are."""
    move(version, State.RETIRED, by=by, why=reason)


@transaction.atomic
def say(version: Version, text: str, *, by: User) -> Comment:
    """Say something about a version; the author is told, or, by the author, the reviewers."""
    comment = Comment.objects.create(version=version, text=text, by=by)
    others = User.objects.filter(pk__in=version.comments.values("by")) if by == version.by else None
    people = {version.by, *(others or [])} - {by}
    notify(
        people,
        gettext_noop("Item %(number)s was commented on."),
        url=version.get_absolute_url(),
        number=str(version.item),
    )
    return comment


def tag(item: Item, skills: Iterable[Skill]) -> None:
    item.tested.all().delete()
    Tested.objects.bulk_create(Tested(item=item, skill=skill) for skill in skills)


def hold(bank: Bank) -> None:
    """Numbers are given one after another."""
    Bank.objects.select_for_update(no_key=True).get(pk=bank.pk)


def next_number(bank: Bank) -> int:
    return (bank.items.aggregate(last=Max("number"))["last"] or 0) + 1


def _keep(version: Version) -> None:
    version.kind = version.content["kind"]
    version.text = plain(version.content)
    version.save()
    version.pictures.all().delete()
    Picture.objects.bulk_create(
        Picture(version=version, file_id=key) for key in pictures_in(version.content)
    )


def pictures_in(content: dict[str, Any]) -> set[int]:
    """Keys of the files that a content shows, those of its parts too."""
    found = {one["file"] for one in content.get("media", [])}
    return found.union(*(pictures_in(part) for part in content.get("parts", [])))


def _tell_reviewers(bank: Bank, by: User) -> None:
    seats = bank.seats.filter(part=Seat.Part.REVIEWER, until=None).exclude(user=by)
    notify(
        User.objects.filter(pk__in=seats.values("user")),
        gettext_noop("Items of “%(bank)s” wait for a review."),
        url=f"{reverse('items:item_index', args=[bank.consortium])}?state=review",
        bank={"zh": bank.name_zh, "en": bank.name_en},
    )
