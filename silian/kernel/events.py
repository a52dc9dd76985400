"""Facts that a lower package tells the packages above it. Adding one needs a decision record."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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


@dataclass(frozen=True)
class AchievementEarned:
    """Somebody has done what a certificate can be issued for, or has no longer done it."""

    source: str  # "completions.Completion:12": one source is one achievement, however often told
    family: (
        str  # of credentials.Kind.Family: skill_level, x_certificate, training, contest, teacher
    )
    consortium_id: int
    issuer_id: int  # the organisation that answers for it
    person_id: int
    title_zh: str
    title_en: str
    on: date
    occupation_id: int | None = None  # a code of the list of occupations
    level: str = ""  # of the family's own scale
    hours: Decimal | None = None
    holds: bool = True  # False: taken back


membership_ended = Signal()  # sent with ``fact=MembershipEnded(...)``
agreement_ended = Signal()  # sent with ``fact=AgreementEnded(...)``
achievement_earned = Signal()  # sent with ``fact=AchievementEarned(...)``
