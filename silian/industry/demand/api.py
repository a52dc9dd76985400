"""Positions, for programs."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.industry.demand import policy
from silian.industry.demand.models import Position
from silian.kernel.api import ApiRequest, Key, Paging, Word, narrowed
from silian.kernel.codes.models import Code
from silian.kernel.search.services import matching

router = Router(tags=["positions"])


class SkillOut(Schema):
    """``level`` runs from 1, knows of it, to 4, can teach it."""

    skill_id: int
    name_zh: str = Field(alias="skill.name_zh")
    name_en: str = Field(alias="skill.name_en")
    level: int


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
    cluster_zh: str | None = Field(None, alias="cluster.name_zh")
    places: int
    education: Position.Education
    pay_low: int | None
    pay_high: int | None
    shift: str
    mentors: int | None
    hours: int | None
    address: str
    starts_on: date | None
    ends_on: date | None
    open_until: date | None
    skills: list[SkillOut] = Field(alias="skill_needs")
    programmes: list[str] = Field(description="Codes of the programme catalogue; none means any.")
    state: Position.State
    published_at: datetime | None
    confirmed_on: date | None
    unconfirmed_since: date | None = Field(None, alias="lowered_on")

    @staticmethod
    def resolve_programmes(position: Position) -> list[str]:
        return [programme.code for programme in position.programmes.all()]


class PositionFilter(Schema):
    """``q`` is words, as typed into the hall; ``occupation``, ``programme`` and ``skill`` are
    codes and a key; ``region`` finds what lies below it too; ``fresh`` leaves out or finds what
    its employer has long not confirmed."""

    q: Word | None = None
    consortium: Word | None = None
    organisation: Key | None = None
    kind: Position.Kind | None = None
    state: Position.State | None = None
    occupation: Word | None = None
    region: Word | None = None
    programme: Word | None = None
    skill: Key | None = None
    cluster: Key | None = None
    education_at_most: Position.Education | None = None
    pay_at_least: Key | None = None
    confirmed_since: date | None = None
    published_since: date | None = None
    fresh: bool | None = None


@router.get("", response=list[PositionOut], summary="What employers need")
@paginate(Paging)
def positions(request: ApiRequest, asked: Query[PositionFilter]) -> QuerySet[Position]:
    rows = narrowed(
        policy.visible_positions(request.auth),
        pk__in=matching(Position, asked.q) if asked.q else None,
        consortium__slug=asked.consortium,
        organisation=asked.organisation,
        kind=asked.kind,
        state=asked.state,
        occupation__code=asked.occupation,
        region__in=_places(asked.region) if asked.region else None,
        programmes__code=asked.programme,
        skills=asked.skill,
        cluster=asked.cluster,
        education__lte=asked.education_at_most,
        confirmed_on__gte=asked.confirmed_since,
        published_at__date__gte=asked.published_since,
        lowered_on__isnull=asked.fresh,
    )
    if asked.pay_at_least:
        high = Q(pay_high__gte=asked.pay_at_least)
        rows = rows.filter(high | Q(pay_high=None, pay_low__gte=asked.pay_at_least))
    return rows.prefetch_related("skill_needs__skill", "programmes")


def _places(region: str) -> QuerySet[Code]:
    """The places of this code and whatever lies below them."""
    paths = ("code", "parent__code", "parent__parent__code", "parent__parent__parent__code")
    inside = Q()
    for path in paths:
        inside |= Q((path, region))
    return Code.objects.filter(inside, list__kind="region")
