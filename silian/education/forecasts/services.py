"""What a school states about its graduates."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.forecasts.models import Share
from silian.education.programmes.models import Programme
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.codes.models import Code


@transaction.atomic
def state_shares(programme: Programme, shares: Mapping[Code, int], *, by: User) -> None:
    """Into which of its occupations the graduates go, in percent; the rest goes elsewhere."""
    if sum(shares.values()) > 100:
        raise ValidationError(_("Together these are more than 100 percent."))
    Programme.objects.select_for_update().get(pk=programme.pk)
    programme.shares.all().delete()
    Share.objects.bulk_create(
        Share(programme=programme, occupation=occupation, percent=percent)
        for occupation, percent in shares.items()
    )
    named = {occupation.name_zh: percent for occupation, percent in shares.items()}
    record(programme, gettext_noop("Shares of graduates stated"), by=by, shares=named)
