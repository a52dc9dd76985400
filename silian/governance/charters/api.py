"""Charters, for programs: each version with its seats, rules and weights."""

from datetime import date

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.governance.charters import policy
from silian.governance.charters.models import Base, Charter, Matter, Organ, Post, SeatRule
from silian.kernel.api import ApiRequest, Paging, Word, narrowed

router = Router(tags=["charters"])


class SeatOut(Schema):
    post: Post
    category: SeatRule.Category
    count: int
    filling: SeatRule.Filling


class MatterOut(Schema):
    """Shares are written as fractions: ``2/3``."""

    organ: Organ
    matter: Matter
    quorum: str
    majority: str
    strict: bool
    base: Base
    secret: bool
    correspondence: bool

    @staticmethod
    def resolve_quorum(obj: object) -> str:
        return str(obj.quorum)  # type: ignore[attr-defined]

    @staticmethod
    def resolve_majority(obj: object) -> str:
        return str(obj.majority)  # type: ignore[attr-defined]


class WeightOut(Schema):
    grade: str
    votes: int


class CharterOut(Schema):
    consortium: str = Field(alias="consortium.slug")
    version: int
    in_force_from: date
    basis: str
    term_years: int
    chair_years: int | None
    term_limit: int
    age_limit: int | None
    notice_days: int
    callers: list[Charter.Caller]
    proxies_each: int
    extra_candidates_percent: int
    rounds: int
    tie: Charter.Tie
    seats: list[SeatOut] = Field(alias="seat_rules")
    matters: list[MatterOut] = Field(alias="matter_rules")
    weights: list[WeightOut]
    text_zh: str
    text_en: str


class CharterFilter(Schema):
    consortium: Word | None = None


@router.get("", response=list[CharterOut], summary="Charters: every version, the newest first")
@paginate(Paging)
def charters(request: ApiRequest, asked: Query[CharterFilter]) -> QuerySet[Charter]:
    rows = policy.visible_charters(request.auth).order_by("consortium", "-version")
    return narrowed(rows, consortium__slug=asked.consortium)
