"""Facts that a lower package tells the packages above it. Adding one needs a decision record."""

from dataclasses import dataclass
from datetime import date

from django.dispatch import Signal


@dataclass(frozen=True)
class MembershipEnded:
    """An organisation left a consortium, or was suspended from it."""

    consortium_id: int
    organisation_id: int
    on: date


membership_ended = Signal()  # sent with ``fact=MembershipEnded(...)``
