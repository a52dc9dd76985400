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
    max_wishes: int
    graduates: int | None
    wishes_from: datetime
    wishes_until: datetime
    ranking_until: datetime
    confirm_until: datetime
    seed: str
    state: Round.State
    published_at: datetime | None


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


@router.get("", response=list[RoundOut], summary="Placement rounds")
@paginate(Paging)
def rounds(request: ApiRequest, asked: Query[RoundFilter]) -> QuerySet[Round]:
    rows = policy.visible_rounds(request.auth)
    return narrowed(rows, consortium__slug=asked.consortium, kind=asked.kind, state=asked.state)


@router.get("/{round_id}/seats", response=list[SeatOut], summary="The seats of a round")
@paginate(Paging)
def seats(request: ApiRequest, round_id: Key) -> QuerySet[Seat]:
    return policy.visible_seats(request.auth).filter(round=round_id)
