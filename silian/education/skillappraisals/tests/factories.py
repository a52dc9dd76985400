from datetime import timedelta
from itertools import count
from typing import Any

from silian.education.schemes.terms import terms_for
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.persons.tests.factories import make_person

numbers = count(1)


def make_appraisal(consortium: Consortium | None = None, **fields: Any) -> Appraisal:
    """Open for entries, of level four unless another is named."""
    consortium = consortium or make_consortium()
    today, number = clock.today(), next(numbers)
    facts: dict[str, Any] = {
        "number": f"2026-{number:03}",
        "title_zh": f"电工职业技能等级认定{number}",
        "level": "l4",
        "site": "一号楼",
        "entries_from": today - timedelta(days=3),
        "entries_until": today + timedelta(days=3),
        "exam_on": today + timedelta(days=10),
        "state": Appraisal.State.OPEN,
    } | fields
    if "organiser" not in facts:
        facts["organiser"] = make_organisation(Organisation.Kind.COLLEGE)
        make_membership(consortium, facts["organiser"])
    if "occupation" not in facts:
        facts["occupation"] = make_code()
    if "terms" not in facts and facts["state"] != "draft":
        facts["terms"] = terms_for(
            consortium, facts["organiser"], facts["occupation"], facts["level"]
        )
    return Appraisal.objects.create(consortium=consortium, **facts)


def make_entry(appraisal: Appraisal, **fields: Any) -> Entry:
    """Of somebody who entered by themselves and was accepted."""
    number = next(numbers)
    facts: dict[str, Any] = {
        "number": f"{appraisal.exam_on:%Y}{appraisal.pk:05d}{number:06d}",
        "state": Entry.State.ACCEPTED,
        "grounds": "从事本职业满五年",
    } | fields
    if "person" not in facts:
        facts["person"] = make_person()
    if "by" not in facts:
        facts["by"] = facts["person"].user or make_staff(appraisal.organiser)
    return Entry.objects.create(appraisal=appraisal, **facts)


def moved(appraisal: Appraisal, state: str) -> Appraisal:
    """As if the office had brought it there."""
    Appraisal.objects.filter(pk=appraisal.pk).update(state=state)
    appraisal.refresh_from_db()
    return appraisal
