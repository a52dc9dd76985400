from itertools import count

from silian.governance.members.tests.factories import make_staff
from silian.kernel import clock
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.talent.credentials.models import Kind
from silian.talent.credentials.tests.factories import make_kind
from silian.talent.issuing.models import Batch, Candidate

numbers = count(1)


def make_batch(kind: Kind | None = None, **fields: object) -> Batch:
    """A draft by somebody of the issuing organisation."""
    kind = kind or make_kind()
    facts: dict[str, object] = {"title_zh": f"第{next(numbers)}批证书"}
    if "by" not in fields:
        facts["by"] = make_staff(kind.issuer)
    return Batch.objects.create(kind=kind, consortium=kind.consortium, **(facts | fields))


def make_candidate(batch: Batch, person: Person | None = None, **fields: object) -> Candidate:
    kind = batch.kind
    facts: dict[str, object] = {"family": kind.family, "on": clock.today()}
    if kind.levels:
        facts["level"] = kind.levels[0]
    if kind.family == "training":
        facts["hours"] = 40
    return Candidate.objects.create(batch=batch, person=person or make_person(), **(facts | fields))
