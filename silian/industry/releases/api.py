"""What was released, for programs."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.industry.releases import policy
from silian.industry.releases.models import Line, Release
from silian.kernel.api import ApiRequest, Paging, Word, narrowed

router = Router(tags=["demand releases"])


class ReleaseOut(Schema):
    id: int
    consortium: str = Field(alias="consortium.slug")
    year: int
    version: int
    state: Release.State
    starts_on: date
    ends_on: date
    source: str
    reason: str
    firms: int | None
    positions: int | None
    places: int | None
    published_at: datetime | None
    digest: str


class LineOut(Schema):
    """Pay is null where it was not stated, or would betray one firm (``pay_hidden``)."""

    consortium: str = Field(alias="release.consortium.slug")
    year: int = Field(alias="release.year")
    occupation: str = Field(alias="occupation.code")
    occupation_zh: str = Field(alias="occupation.name_zh")
    places: int
    positions: int | None
    firms: int | None
    pay_lower: int | None
    pay_median: int | None
    pay_upper: int | None
    pay_hidden: bool
    education: dict[str, Any]
    kinds: dict[str, Any]
    regions: dict[str, Any]


class ReleaseFilter(Schema):
    consortium: Word | None = None
    year: int | None = Field(None, ge=0, le=9999)
    state: Release.State | None = None


class LineFilter(Schema):
    """``occupation`` is a code."""

    consortium: Word | None = None
    year: int | None = Field(None, ge=0, le=9999)
    occupation: Word | None = None


@router.get("", response=list[ReleaseOut], summary="Yearly releases of demand, by version")
@paginate(Paging)
def releases(request: ApiRequest, asked: Query[ReleaseFilter]) -> QuerySet[Release]:
    return narrowed(
        policy.visible_releases(request.auth),
        consortium__slug=asked.consortium,
        year=asked.year,
        state=asked.state,
    )


@router.get("/lines", response=list[LineOut], summary="Released demand by occupation and year")
@paginate(Paging)
def lines(request: ApiRequest, asked: Query[LineFilter]) -> QuerySet[Line]:
    return narrowed(
        policy.all_published_lines(),
        release__consortium__slug=asked.consortium,
        release__year=asked.year,
        occupation__code=asked.occupation,
    )
