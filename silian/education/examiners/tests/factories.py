from datetime import timedelta
from itertools import count
from typing import Any

from silian.education.examiners.models import Card, Examiner, Relation
from silian.education.items.tests.factories import occupation
from silian.education.questions.schema import Level
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium, make_membership, make_staff
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.persons.models import Person

numbers = count(1)


def make_examiner(
    consortium: Consortium | None = None,
    *,
    user: User | None = None,
    card: bool = True,
    **fields: Any,
) -> Examiner:
    """An examiner of a member, with a card for the occupation of all tests up to level 1."""
    consortium = consortium or make_consortium()
    if "organisation" not in fields:
        fields["organisation"] = make_membership(consortium).organisation
    user = user or make_staff(fields["organisation"])
    examiner = Examiner.objects.create(consortium=consortium, user=user, **fields)
    if card:
        make_card(examiner)
    return examiner


def make_card(examiner: Examiner, *, days: int = 365, **fields: Any) -> Card:
    """A card that began a year ago and holds for ``days`` more."""
    today = clock.today()
    facts: dict[str, Any] = {
        "number": f"K{next(numbers):08d}",
        "occupation": fields.get("occupation") or occupation(),
        "highest": Level.ONE,
        "valid_from": today - timedelta(days=365),
        "valid_until": today + timedelta(days=days),
    }
    return Card.objects.create(examiner=examiner, **(facts | fields))


def make_relation(examiner: Examiner, person: Person, kind: str = "family") -> Relation:
    return Relation.objects.create(
        examiner=examiner, person=person, kind=kind, by=examiner.user, at=clock.now()
    )
