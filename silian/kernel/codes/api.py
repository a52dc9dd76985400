"""The official lists of codes, for programs."""

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.kernel.api import ApiRequest, Paging, Word, narrowed
from silian.kernel.codes import policy
from silian.kernel.codes.models import Code, CodeList

router = Router(tags=["codes"])


class CodeListOut(Schema):
    kind: CodeList.Kind
    version: str
    source: str
    licence: str
    sha256: str
    current: bool


class CodeOut(Schema):
    code: str
    name_zh: str
    name_en: str
    full_name_zh: str
    full_name_en: str
    level: int
    parent: str | None = Field(None, alias="parent.code")


class CodeFilter(Schema):
    """``q`` is part of a name; without ``version`` the one in use is meant."""

    version: Word | None = None
    parent: Word | None = None
    level: int | None = None
    q: Word | None = None


@router.get("", response=list[CodeListOut], summary="The lists, their versions and sources")
@paginate(Paging)
def code_lists(request: ApiRequest) -> QuerySet[CodeList]:
    return policy.visible_lists()


@router.get("/{kind}", response=list[CodeOut], summary="The entries of a list")
@paginate(Paging)
def codes(request: ApiRequest, kind: CodeList.Kind, asked: Query[CodeFilter]) -> QuerySet[Code]:
    rows = policy.visible_codes().filter(list__kind=kind).select_related("parent")
    return narrowed(
        rows,
        list__version=asked.version,
        list__current=None if asked.version else True,
        parent__code=asked.parent,
        level=asked.level,
        full_name_zh__contains=asked.q,
    )
