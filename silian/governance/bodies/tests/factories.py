from itertools import count

from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodykinds.models import Kind
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel import clock

numbers = count(1)


def make_body(consortium: Consortium, kind: str = "expert_committee", **fields: object) -> Body:
    """A planned body; ``state="running"`` brings a day of founding."""
    number = next(numbers)
    facts = {"name_zh": f"委员会{number}", "name_en": f"Committee {number}"}
    if fields.get("state") == Body.State.RUNNING:
        facts["founded_on"] = clock.today()
    found = Kind.objects.get(code=kind)
    return Body.objects.create(consortium=consortium, kind=found, **(facts | fields))


def make_proposal(
    consortium: Consortium, host: Organisation, kind: str = "phd_station", **fields: object
) -> Body:
    """An application that says all it must; a draft unless ``state`` says otherwise."""
    facts: dict[str, object] = {"state": Body.State.DRAFT, "plan": "We solve problems."}
    facts["answers"] = {"team": "Dr Wang", "agreement_years": 3, "topics": "Batteries"}
    if fields.get("state", "draft") != "draft":
        facts["applied_at"] = clock.now()
    facts["applied_by"] = fields.pop("by")
    return make_body(consortium, kind, host=host, **(facts | fields))


def make_appointment(body: Body, name: str = "", **fields: object) -> Appointment:
    facts = {"name": name or f"委员{next(numbers)}"}
    role = fields.pop("role", None) or body.kind.roles.get(name_zh="委员")
    return Appointment.objects.create(body=body, role=role, **(facts | fields))
