"""The vocabulary, for programs."""

from django.db.models import QuerySet
from ninja import Query, Router, Schema
from ninja.pagination import paginate

from silian.industry.occupations import policy
from silian.industry.occupations.models import Skill
from silian.kernel.api import ApiRequest, Paging, Word, narrowed

router = Router(tags=["skills"])


class SkillOut(Schema):
    id: int
    name_zh: str
    name_en: str
    kind: Skill.Kind
    about_zh: str
    about_en: str
    synonyms: list[str]
    occupations: list[str]

    @staticmethod
    def resolve_synonyms(skill: Skill) -> list[str]:
        return [synonym.text for synonym in skill.synonyms.all()]

    @staticmethod
    def resolve_occupations(skill: Skill) -> list[str]:
        return [code.code for code in skill.occupations.all()]


class SkillFilter(Schema):
    """``q`` is part of the Chinese name, ``occupation`` a code."""

    q: Word | None = None
    kind: Skill.Kind | None = None
    occupation: Word | None = None


@router.get("", response=list[SkillOut], summary="The words for what people can do")
@paginate(Paging)
def skills(request: ApiRequest, asked: Query[SkillFilter]) -> QuerySet[Skill]:
    rows = policy.visible_skills(request.auth).prefetch_related("synonyms", "occupations")
    found = narrowed(
        rows, name_zh__contains=asked.q, kind=asked.kind, occupations__code=asked.occupation
    )
    return found.distinct()
