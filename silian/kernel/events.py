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


@dataclass(frozen=True)
class AgreementEnded:
    """A signed agreement has come to its end, on its last day or before it."""

    agreement_id: int
    consortium_id: int
    on: date
    end: str  # of agreements.Agreement.End: fulfilled, early, replaced


membership_ended = Signal()  # sent with ``fact=MembershipEnded(...)``
agreement_ended = Signal()  # sent with ``fact=AgreementEnded(...)``
