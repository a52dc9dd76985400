from itertools import count

from silian.governance.consortia.models import Consortium
from silian.governance.plans.models import Target, Task
from silian.kernel import clock

numbers = count(1)


def make_task(consortium: Consortium, **fields: object) -> Task:
    number = next(numbers)
    facts = {"title_zh": f"任务{number}", "title_en": f"Task {number}"}
    facts |= {"number": consortium.tasks.count() + 1}
    return Task.objects.create(consortium=consortium, **(facts | fields))


def make_target(consortium: Consortium, **fields: object) -> Target:
    number = next(numbers)
    facts = {"name_zh": f"目标{number}", "name_en": f"Target {number}"}
    facts |= {"low": 100, "year": clock.today().year}
    return Target.objects.create(consortium=consortium, **(facts | fields))
