"""Keeping searches, and looking through them for what is new."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from silian.industry.demand.models import Position
from silian.industry.hall.filters import PositionFilter
from silian.industry.hall.policy import visible_postings
from silian.industry.watches.models import Watch
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify

Rhythm = Watch.Rhythm
WEEK = timedelta(days=6, hours=12)  # a digest that came late does not put off the next


@transaction.atomic
def save_watch(watch: Watch, *, by: User) -> Watch:
    """Keep a new or changed search; what was published before is known already."""
    if watch.pk is None:
        watch.user, watch.looked_at = by, clock.now()
    watch.save()
    return watch


def remove_watch(watch: Watch, *, by: User) -> None:
    watch.delete()


def hits_of(watch: Watch) -> QuerySet[Position]:
    """What the search finds now; nothing where it names what no longer exists."""
    found = PositionFilter(watch.asked, visible_postings(watch.consortium), within=watch.consortium)
    return found.qs if found.form.is_valid() else Position.objects.none()


def is_sound(watch: Watch) -> bool:
    """Does everything still exist that the search names?"""
    rows = Position.objects.none()
    return bool(PositionFilter(watch.asked, rows, within=watch.consortium).form.is_valid())


def look_at_once() -> None:
    """Searches whose owners want to know within minutes."""
    newest = Position.objects.published().order_by("-published_at").first()
    if newest:
        due = Watch.objects.filter(rhythm=Rhythm.AT_ONCE, looked_at__lt=newest.published_at)
        _look(due)


def look_each_morning() -> None:
    """The daily ones, and the weekly ones whose week is over."""
    _look(Watch.objects.filter(rhythm=Rhythm.DAILY))
    _look(Watch.objects.filter(rhythm=Rhythm.WEEKLY, looked_at__lte=clock.now() - WEEK))


def _look(due: QuerySet[Watch]) -> None:
    """Each in its own transaction, held, so that two workers never tell the same thing."""
    for key in due.values_list("pk", flat=True):
        with transaction.atomic():
            held = due.filter(pk=key).select_for_update(skip_locked=True, of=("self",))
            for watch in held.select_related("user", "consortium"):
                tell_what_is_new(watch)


def tell_what_is_new(watch: Watch) -> None:
    now = clock.now()
    new = hits_of(watch).filter(published_at__gt=watch.looked_at, published_at__lte=now)
    found = list(new[:2])
    if len(found) == 1:
        message = gettext_noop("New in your search “%(watch)s”: %(position)s")
        _tell(watch, message, found[0].get_absolute_url(), position=both(found[0], "title"))
    elif found:
        message = gettext_noop("%(count)s new positions in your search “%(watch)s”")
        _tell(watch, message, watch.get_absolute_url(), count=new.count())
    watch.looked_at = now
    watch.save(update_fields=["looked_at"])


def _tell(watch: Watch, message: str, url: str, **params: Any) -> None:
    people: Iterable[User] = [watch.user] if watch.user.is_active else []
    notify(people, message, url=url, watch=watch.name, **params)
