"""Making, using and withdrawing the address of one's calendar, and mailing invitations."""

import hashlib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.calendars.events import CANCEL, REQUEST, Event, written
from silian.kernel.calendars.models import Feed


@transaction.atomic
def open_feed(*, by: User) -> Feed:
    """Give ``by`` an address for their calendar; one that they had stops working."""
    Feed.objects.filter(user=by).delete()
    feed = Feed(user=by)
    feed.digest = digest_of(feed.token)
    feed.save()
    record(feed, gettext_noop("Calendar address made"), by=by)
    return feed


@transaction.atomic
def close_feed(feed: Feed, *, by: User) -> None:
    """The address stops working, from this moment on."""
    record(feed, gettext_noop("Calendar address withdrawn"), by=by)
    feed.delete()


def user_of(token: str) -> User | None:
    """Whose calendar that token opens."""
    feed = Feed.objects.select_related("user").filter(digest=digest_of(token)).first()
    return feed.user if feed and feed.user.is_active else None


def digest_of(token: str) -> str:
    """The token has 256 bits that nobody can guess, so that one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def mail_event(event: Event, *, name: str, address: str, subject: str, body: str) -> None:
    """Mail one event so that a calendar program takes it in, changes it or takes it out."""
    method = CANCEL if event.cancelled else REQUEST
    content = written([event], method=method, to=name, mail=address)
    mail = EmailMultiAlternatives(
        " ".join(subject.split())[:200], body, settings.DEFAULT_FROM_EMAIL, [address]
    )
    mail.attach_alternative(content.decode(), f"text/calendar; method={method}; charset=utf-8")
    mail.attach("invite.ics", content, "application/ics")
    mail.send()
