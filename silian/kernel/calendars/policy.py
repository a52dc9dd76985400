"""A calendar's address is its owner's own business."""

from silian.kernel.accounts.models import User
from silian.kernel.calendars.models import Feed


def feed_of(user: User) -> Feed | None:
    return Feed.objects.filter(user=user).first()
