"""Opening banks, giving and ending seats."""

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.banks.models import Bank, Seat
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.notices.services import notify


@transaction.atomic
def open_bank(bank: Bank, *, by: User) -> Bank:
    bank.save()
    record(bank, gettext_noop("Item bank opened"), by=by, name=bank.name_zh)
    return bank


@transaction.atomic
def give_seat(bank: Bank, user: User, part: str, *, by: User) -> Seat:
    """Let somebody write, review or set papers from today on; who may already stays seated."""
    seat, new = Seat.objects.get_or_create(bank=bank, user=user, part=part, until=None)
    if new:
        record(bank, gettext_noop("Seat given"), by=by, person=user.name, part=str(part))
        notify(
            [user],
            gettext_noop("You have a seat in the item bank “%(bank)s”."),
            url=bank.get_absolute_url(),
            bank={"zh": bank.name_zh, "en": bank.name_en},
        )
    return seat


@transaction.atomic
def end_seat(seat: Seat, *, by: User) -> None:
    """From today on the seat counts no more; what was written and reviewed stays."""
    seat.until = clock.today()
    seat.save(update_fields=["until"])
    record(seat.bank, gettext_noop("Seat ended"), by=by, person=seat.user.name, part=seat.part)
