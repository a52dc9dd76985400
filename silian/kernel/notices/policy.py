"""A notice is its reader's alone."""

from django.db.models import QuerySet

from silian.kernel.accounts.models import User
from silian.kernel.notices.models import Notice


def visible_notices(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(to=user)
