"""A saved search belongs to one person, and nobody else knows of it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.industry.watches.models import Watch
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

MOST = 30  # searches that one person keeps


def visible_watches(user: User) -> QuerySet[Watch]:
    return Watch.objects.filter(user=user).select_related("consortium")


def may_add(user: User) -> Verdict:
    if Watch.objects.filter(user=user).count() < MOST:
        return YES
    return Verdict(_("You keep %(n)s searches; remove one first.") % {"n": MOST})
