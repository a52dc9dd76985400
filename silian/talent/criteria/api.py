"""The published rules of a round, for programs: criteria, requirements, reserved places."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from ninja import Field, Router, Schema
from ninja.pagination import paginate

from silian.kernel.api import ApiRequest, Key, Paging
from silian.talent.criteria import policy
from silian.talent.criteria.models import Condition, Criterion, Requirement, Reserve

router = Router(tags=["rounds"])


class CriterionOut(Schema):
    id: int
    title_zh: str
    title_en: str
    source: Criterion.Source
    weight: int  # 0: it limits or reserves, and gives no points


class ConditionOut(Schema):
    """A group of students: the kind says which of the values below it is about."""

    id: int
    kind: Condition.Kind
    school: int | None = Field(alias="school_id")
    level: int | None
    programme: str | None
    region: str | None
    criterion: int | None = Field(alias="criterion_id")
    number: Decimal | None

    @staticmethod
    def resolve_programme(rule: Any) -> str | None:
        return rule.programme.code if rule.programme else None

    @staticmethod
    def resolve_region(rule: Any) -> str | None:
        return rule.region.code if rule.region else None


class RequirementOut(ConditionOut):
    seat: int | None = Field(alias="seat_id")  # None: for the whole round


class ReserveOut(ConditionOut):
    seat: int = Field(alias="seat_id")
    places: int
    hard: bool  # stays empty without them


@router.get("/{round_id}/criteria", response=list[CriterionOut], summary="What points are made of")
@paginate(Paging)
def criteria(request: ApiRequest, round_id: Key) -> QuerySet[Criterion]:
    return policy.visible_criteria(request.auth, round_id)


@router.get(
    "/{round_id}/requirements",
    response=list[RequirementOut],
    summary="Who may take part in a round",
)
@paginate(Paging)
def requirements(request: ApiRequest, round_id: Key) -> QuerySet[Requirement]:
    return policy.visible_requirements(request.auth, round_id)


@router.get(
    "/{round_id}/reserves", response=list[ReserveOut], summary="Places kept first for a group"
)
@paginate(Paging)
def reserves(request: ApiRequest, round_id: Key) -> QuerySet[Reserve]:
    return policy.visible_reserves(request.auth, round_id)
