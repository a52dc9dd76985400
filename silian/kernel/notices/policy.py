"""A notice is its reader's alone."""

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext

from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice


def visible_notices(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(to=user)


def found_notices(user: User, words: str) -> QuerySet[Notice]:
    """The notices of ``user`` whose text, as the reader sees it, has ``words`` in it."""
    mine = visible_notices(user)
    wordings = mine.order_by().values_list("message", flat=True).distinct()
    matching = [message for message in wordings if words.lower() in gettext(message).lower()]
    rows = mine.annotate(names=Cast("params", CharField()))
    return rows.filter(Q(names__icontains=words) | Q(message__in=matching))
