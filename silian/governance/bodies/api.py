"""The register of bodies, for programs."""

from datetime import date

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.governance.bodies import policy
from silian.governance.bodies.models import Body
from silian.kernel.api import ApiRequest, Paging, Word, narrowed

router = Router(tags=["bodies"])


class BodyOut(Schema):
    id: int
    consortium: str = Field(alias="consortium.slug")
    kind: str = Field(alias="kind.code")
    name_zh: str
    name_en: str
    host: str | None = Field(None, alias="host.name_zh")
    state: Body.State
    founded_on: date | None
    expires_on: date | None
    plaque: str | None = Field(None, alias="plaque.number")


class BodyFilter(Schema):
    q: Word | None = None
    consortium: Word | None = None
    kind: Word | None = None
    state: Body.State | None = None


@router.get("", response=list[BodyOut], summary="Bodies that are planned, running or closed")
@paginate(Paging)
def bodies(request: ApiRequest, asked: Query[BodyFilter]) -> QuerySet[Body]:
    return narrowed(
        policy.visible_bodies(request.auth),
        name_zh__contains=asked.q,
        consortium__slug=asked.consortium,
        kind__code=asked.kind,
        state=asked.state,
    )
