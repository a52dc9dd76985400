from silian.talent.criteria.models import Criterion, Requirement, Reserve
from silian.talent.rounds.models import Round, Seat


def make_criterion(found: Round, **fields: object) -> Criterion:
    facts: dict[str, object] = {"title_zh": "技能大赛", "title_en": "Skills contest", "weight": 40}
    return Criterion.objects.create(round=found, **(facts | fields))


def make_requirement(found: Round, **fields: object) -> Requirement:
    return Requirement.objects.create(round=found, **fields)


def make_reserve(seat: Seat, places: int = 1, **fields: object) -> Reserve:
    return Reserve.objects.create(seat=seat, places=places, **fields)
