"""Telling people things."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices.channels import CHANNELS
from silian.kernel.notices.models import Notice


def notify(to: Iterable[User], message: str, *, url: str = "", **params: Any) -> None:
    """Tell each of ``to`` once. ``message`` is an English msgid marked with gettext_noop.

    A param may be ``bilingual.both(obj)``: the reader gets the name in their language.
    Mail is queued in the same transaction: it leaves after commit, and only then.
    """
    _tell(to, message, url, params, set(CHANNELS))


def notify_beside_mail(to: Iterable[User], message: str, *, url: str = "", **params: Any) -> None:
    """The same for whoever sends a mail of their own, such as one with a calendar entry."""
    _tell(to, message, url, params, set(CHANNELS) - {"mail"})


@transaction.atomic
def _tell(
    to: Iterable[User], message: str, url: str, params: dict[str, Any], channels: set[str]
) -> None:
    people = {person.pk: person for person in to}
    notices = Notice.objects.bulk_create(
        Notice(to=person, message=message, params=params, url=url) for person in people.values()
    )
    deliveries: list[dict[str, Any]] = [
        {"notice_id": notice.pk, "channel": name}
        for notice in notices
        for name, channel in CHANNELS.items()
        if name in channels and channel.reaches(notice.to)
    ]
    if deliveries:
        app.configure_task("silian.kernel.notices.tasks.deliver").batch_defer(*deliveries)


def unread_count(user: User) -> int:
    """How many notices ``user`` has not opened."""
    return Notice.objects.filter(to=user, read_at=None).count()


def mark_read(notices: QuerySet[Notice]) -> None:
    """Note that those of ``notices`` which were unread are read now."""
    notices.filter(read_at=None).update(read_at=clock.now())
