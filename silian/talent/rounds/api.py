"""Placement rounds and their seats, for programs."""

from datetime import datetime

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.industry.demand.models import Position
from silian.kernel.api import ApiRequest, Key, Paging, Word, narrowed
from silian.talent.rounds import policy
from silian.talent.rounds.models import Round, Seat

router = Router(tags=["rounds"])


class RoundOut(Schema):
    id: int
    consortium: str = Field(alias="consortium.slug")
    title_zh: str
    title_en: str
    kind: Position.Kind
    rule: Round.Rule
    employer_weight: int | None  # per cent, where the rule weighs the enterprise's score
    max_wishes: int
    graduates: int | None
    wishes_from: datetime
    wishes_until: datetime
    ranking_until: datetime
    confirm_until: datetime
    replace_until: datetime | None
    answer_days: int
    follows: int | None = Field(alias="follows_id")
    seats: int = Field(alias="open_seats")
    places: int
    seed: str | None  # from the opening of the round, when it is published
    state: Round.State
    published_at: datetime | None

    @staticmethod
    def resolve_employer_weight(found: Round) -> int | None:
        return found.employer_weight if found.rule == Round.Rule.WEIGHTED else None

    @staticmethod
    def resolve_seed(found: Round) -> str | None:
        return found.seed if found.state in Round.ANNOUNCED else None


class RoundFilter(Schema):
    consortium: Word | None = None
    kind: Position.Kind | None = None
    state: Round.State | None = None


class SeatOut(Schema):
    id: int
    position_id: int
    title_zh: str = Field(alias="position.title_zh")
    organisation_zh: str = Field(alias="position.organisation.name_zh")
    quota: int
    minimum: int  # with how many students it runs
    closed_why: str  # why it was taken out before the computation; else empty


@router.get("", response=list[RoundOut], summary="Placement rounds")
@paginate(Paging)
def rounds(request: ApiRequest, asked: Query[RoundFilter]) -> QuerySet[Round]:
    rows = policy.with_places(policy.visible_rounds(request.auth))
    return narrowed(rows, consortium__slug=asked.consortium, kind=asked.kind, state=asked.state)


@router.get("/{round_id}/seats", response=list[SeatOut], summary="The seats of a round")
@paginate(Paging)
def seats(request: ApiRequest, round_id: Key) -> QuerySet[Seat]:
    return policy.visible_seats(request.auth).filter(round=round_id)
