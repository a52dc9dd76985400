from itertools import count

from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Consortium
from silian.kernel import clock

numbers = count(1)


def make_body(consortium: Consortium, **fields: object) -> Body:
    """A planned body; ``state="running"`` brings a day of founding."""
    number = next(numbers)
    facts = {"name_zh": f"委员会{number}", "name_en": f"Committee {number}"}
    facts |= {"kind": Body.Kind.EXPERT_COMMITTEE}
    if fields.get("state") == Body.State.RUNNING:
        facts["founded_on"] = clock.today()
    return Body.objects.create(consortium=consortium, **(facts | fields))
