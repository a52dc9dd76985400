"""What is short, for programs."""

from typing import Any

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.education.shortages import policy
from silian.education.shortages.models import Catalogue, Entry
from silian.kernel.api import ApiRequest, Paging, Word, narrowed

router = Router(tags=["shortages"])


class EntryOut(Schema):
    """``index`` is null where too little was known; ``parts`` is its working."""

    consortium: str = Field(alias="catalogue.consortium.slug")
    year: int = Field(alias="catalogue.year")
    version: int = Field(alias="catalogue.version")
    state: Catalogue.State = Field(alias="catalogue.state")
    formula: str = Field(alias="catalogue.formula.version")
    occupation: str = Field(alias="occupation.code")
    occupation_zh: str = Field(alias="occupation.name_zh")
    demand: int
    graduates: int | None
    index: float | None
    stars: int
    level: Entry.Level
    computed_stars: int
    computed_level: Entry.Level
    parts: list[dict[str, Any]]


class EntryFilter(Schema):
    """``occupation`` is a code."""

    consortium: Word | None = None
    year: int | None = Field(None, ge=0, le=9999)
    occupation: Word | None = None
    level: Entry.Level | None = None


@router.get("", response=list[EntryOut], summary="Entries of the catalogues of shortages")
@paginate(Paging)
def shortages(request: ApiRequest, asked: Query[EntryFilter]) -> QuerySet[Entry]:
    return narrowed(
        policy.visible_entries(request.auth),
        catalogue__consortium__slug=asked.consortium,
        catalogue__year=asked.year,
        occupation__code=asked.occupation,
        level=asked.level,
    )
