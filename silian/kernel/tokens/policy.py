"""A token is its owner's own business."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.kernel.accounts.models import User
from silian.kernel.tokens.models import Token
from silian.kernel.verdicts import YES, Verdict

MOST = 20


def visible_tokens(user: User) -> QuerySet[Token]:
    return user.tokens.all()


def may_create(user: User) -> Verdict:
    if user.tokens.valid().count() >= MOST:
        return Verdict(_("You have many tokens already. Withdraw one first."))
    return YES
