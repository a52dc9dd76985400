from datetime import date

from silian.governance.appraisals.models import Item, Year
from silian.governance.bodies.models import Body
from silian.kernel import clock


def make_year(body: Body, year: int = 0, state: str = "planned", **fields: object) -> Year:
    """A year with one item; an appraised one bears the grade 合格 unless told otherwise."""
    facts: dict[str, object] = {"aims": "Two problems solved"}
    if state != Year.State.DRAFT:
        facts["planned_at"] = clock.now()
    if state in (Year.State.REPORTED, Year.State.APPRAISED):
        facts |= {"reported_at": clock.now(), "result": "Both solved"}
    if state == Year.State.APPRAISED:
        grade = body.kind.grades.get(name_zh=fields.pop("grade", "合格"))
        facts |= {"grade": grade, "reasons": "Sound", "appraised_at": clock.now()}
    number = year or clock.today().year
    made = Year.objects.create(body=body, year=number, state=state, **(facts | fields))
    due = date(number, 11, 30)
    Item.objects.create(year=made, what="Solve", owner="Head", due=due, target=2, unit="项")
    return made
