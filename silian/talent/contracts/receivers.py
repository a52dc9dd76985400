"""What an internship and its agreement mean for the place that they came from."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement
from silian.kernel.accounts.models import User
from silian.talent.internships.models import Internship
from silian.talent.internships.services import cancel
from silian.talent.offers import undoing
from silian.talent.offers.undoing import Tie
from silian.talent.placement.models import Placement

State = Internship.State


@undoing.source
def internships_of(placements: Collection[int]) -> Iterable[Tie]:
    """What an internship means for the place it came from, should that be undone."""
    rows = Internship.objects.filter(placement__in=placements).select_related("agreement")
    for one in rows.exclude(state__in=[State.BROKEN_OFF, State.CANCELLED]):
        yield Tie(one.placement_id or 0, *_what_follows(one))


def _what_follows(one: Internship) -> tuple[str, bool]:
    """In words, and does it hinder?"""
    signed = one.agreement is not None and one.agreement.state == Agreement.State.SIGNED
    if one.state == State.FINISHED:
        return _("The internship at this place is finished; the place stands."), True
    if one.state == State.RUNNING:
        told = _("A signed internship is under way at this place. The school breaks it off first.")
        return told, True
    if one.state == State.AGREED or signed:
        told = _("All have signed an internship at this place. The school cancels it first.")
        return told, True
    if one.agreement and one.agreement.state == Agreement.State.SIGNING:
        told = _("The internship that is being signed is cancelled with it; its sides are told.")
        return told, False
    told = _("The internship that is being prepared is cancelled with it; its sides are told.")
    return told, False


@undoing.follower
def give_up_internship(placement: Placement, *, by: User, reason: str) -> None:
    """What is only being prepared goes with its place."""
    drafts = Internship.objects.filter(placement=placement, state=State.PREPARED)
    for draft in drafts.select_related("student__user", "student__school", "unit", "consortium"):
        cancel(draft, by=by, why=reason)
