"""Telling people things."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices.channels import CHANNELS
from silian.kernel.notices.models import Notice

AT_ONCE = 100  # deliveries to so many are queued where they are told, more in the background
PART = 5000  # notices whose deliveries one job queues


def notify(to: Iterable[User], message: str, *, url: str = "", **params: Any) -> None:
    """Tell each of ``to`` once. ``message`` is an English msgid marked with gettext_noop.

    A param may be ``bilingual.both(obj)``: the reader gets the name in their language.
    Mail is queued in the same transaction: it leaves after commit, and only then. A QuerySet of
    many people stays in the database: telling a hundred thousand takes a few seconds.
    """
    _tell(to, message, url, params, set(CHANNELS))


def notify_beside_mail(to: Iterable[User], message: str, *, url: str = "", **params: Any) -> None:
    """The same for whoever sends a mail of their own, such as one with a calendar entry."""
    _tell(to, message, url, params, set(CHANNELS) - {"mail"})


@transaction.atomic
def _tell(
    to: Iterable[User], message: str, url: str, params: dict[str, Any], channels: set[str]
) -> None:
    keys, names = _write(to, message, url, params), sorted(channels)
    if len(keys) <= AT_ONCE:
        hand_out(keys, names)
        return
    parts: list[dict[str, Any]] = [
        {"notice_ids": keys[start : start + PART], "channels": names}
        for start in range(0, len(keys), PART)
    ]
    app.configure_task("silian.kernel.notices.tasks.hand_out_part").batch_defer(*parts)


def _write(to: Iterable[User], message: str, url: str, params: dict[str, Any]) -> list[int]:
    """Write all notices by one statement, without a row in Python; return their keys."""
    people = to.values_list("pk", flat=True) if isinstance(to, QuerySet) else (it.pk for it in to)
    told: tuple[Any, ...] = (
        clock.now(),
        message,
        json.dumps(params),
        url,
        list(dict.fromkeys(people)),
    )
    with connection.cursor() as cursor:
        cursor.execute(NOTICES, told)
        return [key for (key,) in cursor.fetchall()]


NOTICES = """
    INSERT INTO notices_notice (to_id, at, message, params, url)
    SELECT person, %s, %s, %s::jsonb, %s FROM unnest(%s::bigint[]) AS people(person)
    RETURNING id"""


def hand_out(keys: list[int], channels: list[str]) -> None:
    """Queue a delivery for each notice and each channel that reaches its reader."""
    deliveries: list[dict[str, Any]] = [
        {"notice_id": notice.pk, "channel": name}
        for notice in Notice.objects.filter(pk__in=keys).select_related("to").order_by("pk")
        for name in channels
        if CHANNELS[name].reaches(notice.to)
    ]
    if deliveries:
        app.configure_task("silian.kernel.notices.tasks.deliver").batch_defer(*deliveries)


def unread_count(user: User) -> int:
    """How many notices ``user`` has not opened."""
    return Notice.objects.filter(to=user, read_at=None).count()


def mark_read(notices: QuerySet[Notice]) -> None:
    """Note that those of ``notices`` which were unread are read now."""
    notices.filter(read_at=None).update(read_at=clock.now())
