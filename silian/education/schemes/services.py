"""Setting pass rules."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.schemes.models import Part, Scheme
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record


@transaction.atomic
def save_scheme(scheme: Scheme, parts: Iterable[Part], *, by: User) -> Scheme:
    """With all its parts; appraisals that are open keep their copy."""
    new = scheme.pk is None
    scheme.save()
    scheme.parts.all().delete()
    for part in parts:
        part.pk, part.scheme = None, scheme
        part.save()
    record(
        scheme, gettext_noop("Pass rule set") if new else gettext_noop("Pass rule changed"), by=by
    )
    return scheme


@transaction.atomic
def remove_scheme(scheme: Scheme, *, by: User) -> None:
    """What is usual counts again."""
    record(scheme, gettext_noop("Pass rule removed"), by=by)
    scheme.delete()
