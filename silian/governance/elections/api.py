"""Elections, for programs; the boards of their ballots are files that anybody can count again."""

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.governance.charters.models import Organ
from silian.governance.elections import policy
from silian.governance.elections.models import Election
from silian.kernel.api import ApiRequest, Paging, Word, narrowed

router = Router(tags=["elections"])


class ElectionOut(Schema):
    id: int
    consortium: str = Field(alias="consortium.slug")
    organ: Organ
    title_zh: str
    title_en: str
    state: Election.State
    charter: int = Field(alias="charter.version")


class ElectionFilter(Schema):
    consortium: Word | None = None
    state: Election.State | None = None


@router.get("", response=list[ElectionOut], summary="Elections that were announced")
@paginate(Paging)
def elections(request: ApiRequest, asked: Query[ElectionFilter]) -> QuerySet[Election]:
    rows = policy.visible_elections(request.auth)
    return narrowed(rows, consortium__slug=asked.consortium, state=asked.state)
