"""Ways in which a notice leaves the page. SMS or WeCom fit in here as further channels."""

from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice


class Channel(Protocol):
    """What a channel can do. ``send`` raises where it failed; the task tries again later."""

    def reaches(self, person: User) -> bool:
        """Has ``person`` an address in this channel, and do they want to be told by it?"""
        ...

    def send(self, notice: Notice) -> None:
        """Deliver ``notice``; its reader's language is active."""
        ...


class Mail:
    def reaches(self, person: User) -> bool:
        return bool(person.email and person.mail_notices and person.is_active)

    def send(self, notice: Notice) -> None:
        lines = [notice.text, settings.SITE_URL + notice.url if notice.url else ""]
        lines.append(_("You can turn such mail off on the page of your account."))
        send_mail(notice.to.email, subject=notice.text, body="\n\n".join(filter(None, lines)))


CHANNELS: dict[str, Channel] = {"mail": Mail()}


def send_mail(address: str, *, subject: str, body: str) -> None:
    """Send one plain mail; what was typed by people cannot break out of the subject line."""
    one_line = " ".join(subject.split())
    EmailMessage(one_line[:200], body, settings.DEFAULT_FROM_EMAIL, [address]).send()
