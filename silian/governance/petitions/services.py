"""Demanding an extraordinary meeting, supporting the demand, and answering it."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.charters.policy import charter_of
from silian.governance.meetings.agenda import save_item
from silian.governance.meetings.models import Item, Meeting
from silian.governance.meetings.services import draft_meeting
from silian.governance.members.models import Organisation
from silian.governance.petitions.models import Petition, Support
from silian.governance.petitions.policy import count_of
from silian.governance.roles.policy import secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.notices.services import notify

TO_PREPARE = timedelta(days=2)  # before the notice that the charter asks for begins


@transaction.atomic
def make_petition(petition: Petition, unit: Organisation, *, by: User) -> Petition:
    """Demand a meeting for ``unit``, which is the first to support it."""
    petition.by = by
    petition.save()
    record(petition, gettext_noop("Extraordinary meeting demanded"), by=by)
    support(petition, unit, by=by)
    return petition


@transaction.atomic
def support(petition: Petition, unit: Organisation, *, by: User) -> None:
    """Support it for ``unit``; the secretariat is told when this is the last unit it takes."""
    Petition.objects.select_for_update().get(pk=petition.pk)  # one after the other
    _row, new = Support.objects.get_or_create(
        petition=petition, organisation=unit, defaults={"by": by}
    )
    if not new:
        return
    record(petition, gettext_noop("Petition supported"), by=by, unit=unit.name_zh)
    count = count_of(petition)
    if count.supporting == count.needed:
        message = gettext_noop("Enough units demand an extraordinary meeting: “%(title)s”")
        url = petition.get_absolute_url()
        notify(secretaries_of(petition.consortium), message, url=url, title=petition.title)


@transaction.atomic
def withdraw_support(petition: Petition, unit: Organisation, *, by: User) -> None:
    if petition.supports.filter(organisation=unit).delete()[0]:
        record(petition, gettext_noop("Support withdrawn"), by=by, unit=unit.name_zh)


@transaction.atomic
def prepare_meeting(petition: Petition, *, by: User) -> Meeting:
    """Draft the meeting that is demanded, at the earliest time that keeps the notice."""
    charter = charter_of(petition.consortium)
    notice = timedelta(days=charter.notice_days if charter else 0)
    starts = (clock.now() + notice + TO_PREPARE).replace(hour=1, minute=0, second=0, microsecond=0)
    meeting = Meeting(
        consortium=petition.consortium,
        organ=petition.organ,
        title_zh=petition.title,
        extraordinary=True,
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
    )
    draft_meeting(meeting, by=by)
    item = Item(meeting=meeting, kind=Item.Kind.MOTION, title_zh=petition.title)
    item.text = petition.reason
    save_item(item, by=by)
    petition.meeting = meeting
    petition.save(update_fields=["meeting"])
    record(petition, gettext_noop("Meeting drafted"), by=by)
    return meeting
