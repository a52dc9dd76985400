"""Who sits in the councils, for programs."""

from datetime import date

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.governance.charters.models import Post
from silian.governance.council import policy
from silian.governance.council.models import Term
from silian.kernel.api import ApiRequest, Key, Paging, Word, narrowed

router = Router(tags=["council"])


class TermOut(Schema):
    consortium: str = Field(alias="seat.consortium.slug")
    post: Post = Field(alias="seat.post")
    number: int = Field(alias="seat.number")
    person: str
    organisation: int = Field(alias="organisation_id")
    organisation_name: str = Field(alias="organisation.name_zh")
    how: Term.How
    basis: str
    start: date
    end: date | None


class TermFilter(Schema):
    consortium: Word | None = None
    organisation: Key | None = None
    post: Post | None = None


@router.get("", response=list[TermOut], summary="Those who hold seats today, from the chair down")
@paginate(Paging)
def council(request: ApiRequest, asked: Query[TermFilter]) -> QuerySet[Term]:
    rows = policy.visible_terms(request.auth).running()
    rows = rows.order_by("seat__consortium", "rank", "seat__number")
    return narrowed(
        rows,
        seat__consortium__slug=asked.consortium,
        organisation=asked.organisation,
        seat__post=asked.post,
    )
