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


def code_of(placement: Placement) -> str:
    """How it is called where the student's name is not known: as the wish that it fulfils."""
    return f"#{placement.wish_id}" if placement.wish_id else f"#P{placement.pk}"


def called(placement: Placement) -> str:
    """The student's name where policy says ``named`` to the reader, the code otherwise."""
    named: bool = getattr(placement, "named", False)
    return placement.student.name if named else code_of(placement)


def tell_employer(placement: Placement, message: str) -> None:
    url = reverse(
        "offers:seat_result",
        args=[placement.round.consortium, placement.round_id, placement.seat_id],
    )
    employer = placement.seat.position.organisation
    known = consents(placement.student.person, Consent.Purpose.PLACEMENT, employer)
    name = placement.student.name if known else code_of(placement)
    _tell(people_of(employer), message, placement, url, student=name)


def tell_student(placement: Placement, message: str, **params: str) -> None:
    url = reverse("offers:my_result", args=[placement.round.consortium, placement.round_id])
    people = [placement.student.user] if placement.student.user else []
    _tell(people, message, placement, url, **params)


def _tell(to: Iterable[User], message: str, placement: Placement, url: str, **params: str) -> None:
    notify(to, message, url=url, position=both(placement.seat.position, "title"), **params)
