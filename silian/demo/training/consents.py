"""Whom the students of a body allow to know who they are: most, never all."""

from collections.abc import Iterable

from silian.demo.cast.founding import Founded
from silian.governance.members.models import Organisation
from silian.talent.consents.models import Consent
from silian.talent.consents.wordings import wording_of
from silian.talent.internships.models import Internship
from silian.talent.profiles.models import Student
from silian.talent.wishes.models import Wish

SHY = 5  # of so many, one stays a number


def add_all_consents(body: Founded) -> None:
    """To the employers of their wishes, and to the units of their internships."""
    wishes = Wish.objects.filter(list__round__consortium=body.consortium)
    rows = wishes.select_related("list__student__person", "seat__position__organisation")
    lists: dict[int, int] = {}  # in their order, as keys differ from load to load
    willing = [
        (wish.list.student, wish.seat.position.organisation)
        for wish in rows.order_by("pk")
        if lists.setdefault(wish.list_id, len(lists)) % SHY
    ]
    add_consents(Consent.Purpose.PLACEMENT, willing)
    interns = Internship.objects.filter(consortium=body.consortium).order_by("pk")
    units = [(one.student, one.unit) for one in interns.select_related("student__person", "unit")]
    add_consents(Consent.Purpose.INTERNSHIP, [pair for n, pair in enumerate(units) if n % SHY])


def add_consents(purpose: str, pairs: Iterable[tuple[Student, Organisation]]) -> None:
    """Each student once to each recipient, unless they did before."""
    wording = wording_of(purpose)
    wanted = {(one.person_id, side.pk): (one, side) for one, side in pairs}
    known = Consent.objects.running().filter(purpose=purpose, person__in={p for p, _o in wanted})
    given = set(known.values_list("person", "recipient"))
    Consent.objects.bulk_create(
        Consent(
            person=student.person,
            recipient=side,
            purpose=purpose,
            version=wording.version,
            text=wording.whole,
            covers=list(wording.kinds),
            given_by_id=student.person.user_id,
        )
        for key, (student, side) in wanted.items()
        if key not in given
    )
