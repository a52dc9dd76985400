"""Positions, for programs."""

from datetime import date, datetime

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.industry.demand import policy
from silian.industry.demand.models import Position
from silian.kernel.api import ApiRequest, Key, Paging, Word, narrowed

router = Router(tags=["positions"])


class PositionOut(Schema):
    """Contacts are left out: they are for people who read the page."""

    id: int
    consortium: str = Field(alias="consortium.slug")
    organisation_id: int
    organisation_zh: str = Field(alias="organisation.name_zh")
    kind: Position.Kind
    title_zh: str
    title_en: str
    occupation: str | None = Field(None, alias="occupation.code")
    region: str | None = Field(None, alias="region.code")
    places: int
    education: Position.Education
    pay_low: int | None
    pay_high: int | None
    address: str
    starts_on: date | None
    ends_on: date | None
    state: Position.State
    published_at: datetime | None


class PositionFilter(Schema):
    """``q`` is part of a title, ``occupation`` and ``region`` are codes."""

    q: Word | None = None
    consortium: Word | None = None
    organisation: Key | None = None
    kind: Position.Kind | None = None
    state: Position.State | None = None
    occupation: Word | None = None
    region: Word | None = None


@router.get("", response=list[PositionOut], summary="What employers need")
@paginate(Paging)
def positions(request: ApiRequest, asked: Query[PositionFilter]) -> QuerySet[Position]:
    return narrowed(
        policy.visible_positions(request.auth),
        title_zh__contains=asked.q,
        consortium__slug=asked.consortium,
        organisation=asked.organisation,
        kind=asked.kind,
        state=asked.state,
        occupation__code=asked.occupation,
        region__code=asked.region,
    )
