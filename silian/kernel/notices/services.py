"""Telling people things."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices.channels import CHANNELS, Channel
from silian.kernel.notices.models import Notice


@transaction.atomic
def notify(to: Iterable[User], message: str, *, url: str = "", **params: Any) -> None:
    """Tell each of ``to`` once. ``message`` is an English msgid marked with gettext_noop.

    A param may be ``bilingual.both(obj)``: the reader gets the name in their language.
    Mail is queued in the same transaction: it leaves after commit, and only then.
    """
    _deliver(_kept(to, message, url, params), CHANNELS)


@transaction.atomic
def notify_beside_mail(to: Iterable[User], message: str, *, url: str = "", **params: Any) -> None:
    """As ``notify``, for whoever sends a mail of their own, such as a calendar's invitation."""
    others = {name: channel for name, channel in CHANNELS.items() if name != "mail"}
    _deliver(_kept(to, message, url, params), others)


def _kept(to: Iterable[User], message: str, url: str, params: dict[str, Any]) -> list[Notice]:
    people = {person.pk: person for person in to}
    return Notice.objects.bulk_create(
        Notice(to=person, message=message, params=params, url=url) for person in people.values()
    )


def _deliver(notices: Iterable[Notice], channels: Mapping[str, Channel]) -> None:
    deliveries: list[dict[str, Any]] = [
        {"notice_id": notice.pk, "channel": name}
        for notice in notices
        for name, channel in channels.items()
        if channel.reaches(notice.to)
    ]
    if deliveries:
        app.configure_task("silian.kernel.notices.tasks.deliver").batch_defer(*deliveries)


def unread_count(user: User) -> int:
    """How many notices ``user`` has not opened."""
    return Notice.objects.filter(to=user, read_at=None).count()


def mark_read(notices: QuerySet[Notice]) -> None:
    """Note that those of ``notices`` which were unread are read now."""
    notices.filter(read_at=None).update(read_at=clock.now())
