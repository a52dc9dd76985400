"""Plans and course standards that are or were in force, for programs."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema
from ninja.pagination import paginate

from silian.education.standards import policy
from silian.education.standards.models import Edition, Standard
from silian.kernel.api import ApiRequest, Key, Paging, Word, narrowed

router = Router(tags=["standards"])


class UnitOut(Schema):
    order: int
    title_zh: str
    title_en: str
    theory_hours: int
    practice_hours: int
    credits: Decimal
    skills: list[str]

    @staticmethod
    def resolve_skills(unit: object) -> list[str]:
        return [skill.name_zh for skill in unit.skills.all()]  # type: ignore[attr-defined]


class EditionOut(Schema):
    id: int
    standard_id: int
    consortium: str = Field(alias="standard.consortium.slug")
    school_zh: str = Field(alias="standard.programme.school.name_zh")
    programme_id: int = Field(alias="standard.programme_id")
    kind: Standard.Kind = Field(alias="standard.kind")
    title_zh: str = Field(alias="standard.title_zh")
    title_en: str = Field(alias="standard.title_en")
    number: int
    state: Edition.State
    hours: int | None
    credits: Decimal | None
    published_on: date | None
    units: list[UnitOut]


class EditionFilter(Schema):
    """``q`` is part of a title, ``skill`` the Chinese name of a skill that is taught."""

    q: Word | None = None
    consortium: Word | None = None
    programme: Key | None = None
    kind: Standard.Kind | None = None
    state: Edition.State | None = None
    skill: Word | None = None


@router.get("", response=list[EditionOut], summary="Plans and course standards, by edition")
@paginate(Paging)
def editions(request: ApiRequest, asked: Query[EditionFilter]) -> QuerySet[Edition]:
    rows = policy.visible_editions(request.auth).prefetch_related("units__skills")
    if asked.skill:
        taught = Edition.objects.filter(units__skills__name_zh=asked.skill)
        rows = rows.filter(pk__in=taught.values("pk"))
    return narrowed(
        rows.order_by("pk"),
        standard__title_zh__contains=asked.q,
        standard__consortium__slug=asked.consortium,
        standard__programme=asked.programme,
        standard__kind=asked.kind,
        state=asked.state,
    )
