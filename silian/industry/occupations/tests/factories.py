from itertools import count

from silian.industry.occupations.models import Skill, Synonym

numbers = count(1)


def make_skill(name_zh: str = "", *, synonyms: str = "", **fields: object) -> Skill:
    """A skill; ``synonyms`` are separated by spaces."""
    skill = Skill.objects.create(name_zh=name_zh or f"技能{next(numbers)}", **fields)
    for text in synonyms.split():
        Synonym.objects.create(skill=skill, text=text)
    return skill
