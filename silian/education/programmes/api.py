"""Programmes and their figures, for programs."""

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.education.programmes import policy
from silian.education.programmes.models import Programme
from silian.kernel.api import ApiRequest, Key, Paging, Word, narrowed

router = Router(tags=["programmes"])


class FigureOut(Schema):
    year: int
    enrolled: int | None
    graduated: int | None


class ProgrammeOut(Schema):
    id: int
    school_id: int
    school_zh: str = Field(alias="school.name_zh")
    level: Programme.Level
    code: str | None = Field(None, alias="code.code")
    name_zh: str
    name_en: str
    years: int
    opened: int | None
    closed: int | None
    figures: list[FigureOut]


class ProgrammeFilter(Schema):
    """``q`` is part of a name, ``code`` and ``occupation`` are codes of their lists."""

    q: Word | None = None
    school: Key | None = None
    level: Programme.Level | None = None
    code: Word | None = None
    occupation: Word | None = None


@router.get("", response=list[ProgrammeOut], summary="What schools train people for")
@paginate(Paging)
def programmes(request: ApiRequest, asked: Query[ProgrammeFilter]) -> QuerySet[Programme]:
    return narrowed(
        policy.visible_programmes(request.auth).prefetch_related("figures"),
        name_zh__contains=asked.q,
        school=asked.school,
        level=asked.level,
        code__code=asked.code,
        occupations__code=asked.occupation,
    )
