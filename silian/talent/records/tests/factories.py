from silian.industry.occupations.models import Skill
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.talent.records.models import Entry


def make_entry(person: Person | None = None, **fields: object) -> Entry:
    facts = {"kind": "practice", "title": "装配钳工"} | fields
    return Entry.objects.create(person=person or make_person(), **facts)


def make_skill_entry(person: Person | None = None, name: str = "数控编程") -> Entry:
    skill, _new = Skill.objects.get_or_create(name_zh=name)
    return make_entry(person, kind="skill", title="", skill=skill, level=3)
