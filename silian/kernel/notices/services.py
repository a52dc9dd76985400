"""Telling people things."""

from collections.abc import Iterable
from typing import Any

from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice


def notify(to: Iterable[User], message: str, *, url: str = "", **params: Any) -> None:
    """Tell each of ``to`` once. ``message`` is an English msgid marked with gettext_noop.

    A param may be ``bilingual.both(obj)``: the reader gets the name in their language.
    Mail leaves after commit, in each reader's language.
    """
    people = {person.pk: person for person in to}
    Notice.objects.bulk_create(
        Notice(to=person, message=message, params=params, url=url) for person in people.values()
    )
