"""Telling both sides of a place what became of it."""

from collections.abc import Iterable

from django.urls import reverse

from silian.governance.roles.policy import people_of
from silian.kernel.accounts.models import User
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.talent.consents.models import Consent
from silian.talent.consents.policy import consents
from silian.talent.placement.models import Placement


def tell_employer(placement: Placement, message: str) -> None:
    url = reverse(
        "offers:seat_result",
        args=[placement.round.consortium, placement.round_id, placement.seat_id],
    )
    employer = placement.seat.position.organisation
    known = consents(placement.student.person, Consent.Purpose.PLACEMENT, employer)
    called = placement.student.name if known else placement.code
    _tell(people_of(employer), message, placement, url, student=called)


def tell_student(placement: Placement, message: str, **params: str) -> None:
    url = reverse("offers:my_result", args=[placement.round.consortium, placement.round_id])
    people = [placement.student.user] if placement.student.user else []
    _tell(people, message, placement, url, **params)


def _tell(to: Iterable[User], message: str, placement: Placement, url: str, **params: str) -> None:
    notify(to, message, url=url, position=both(placement.seat.position, "title"), **params)
