"""Consortia, for programs."""

from datetime import date

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.governance.consortia import policy
from silian.governance.consortia.models import Consortium
from silian.kernel.api import ApiRequest, Paging, Word, narrowed

router = Router(tags=["consortia"])


class ConsortiumOut(Schema):
    slug: str
    kind: Consortium.Kind
    name_zh: str
    name_en: str
    short_name_zh: str
    short_name_en: str
    purpose_zh: str
    purpose_en: str
    region: str | None = Field(None, alias="region.code")
    parent: str | None = Field(None, alias="parent.slug")
    founded_on: date | None


class ConsortiumFilter(Schema):
    kind: Consortium.Kind | None = None
    region: Word | None = None


@router.get("", response=list[ConsortiumOut], summary="The consortia of this installation")
@paginate(Paging)
def consortia(request: ApiRequest, asked: Query[ConsortiumFilter]) -> QuerySet[Consortium]:
    rows = policy.visible_consortia(request.auth)
    return narrowed(rows, kind=asked.kind, region__code=asked.region)
