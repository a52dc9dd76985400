"""One number for all that was drawn at random for a body."""

import hashlib
import json

from silian.governance.consortia.models import Consortium
from silian.talent.placement.models import Placement
from silian.talent.profiles.models import Student


def digest_of_body(slug: str) -> str:
    """SHA-256 of what was drawn for a body: its units, their demand, students and placements."""
    consortium = Consortium.objects.get(slug=slug)
    units = consortium.memberships.order_by("pk")
    positions = consortium.positions.order_by("pk")
    schools = Student.objects.filter(school__memberships__consortium=consortium).order_by("pk")
    placed = Placement.objects.filter(round__consortium=consortium).order_by("student", "pk")
    rows = [
        units.values_list("organisation__name_zh", "organisation__credit_code", "grade", "state"),
        positions.values_list("title_zh", "organisation__name_zh", "kind", "state", "pay_low"),
        schools.values_list("number", "name", "points"),
        placed.values_list("student__number", "seat__position__title_zh", "state"),
    ]
    text = json.dumps([list(found) for found in rows], default=str)
    assert all(rows)
    return hashlib.sha256(text.encode()).hexdigest()
