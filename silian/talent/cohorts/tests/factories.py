from datetime import timedelta
from itertools import count

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.tests.factories import make_agreement
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
)
from silian.kernel import clock
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_student

numbers = count(1)


def make_training_agreement(
    consortium: Consortium | None = None, kind: str = Agreement.Kind.ORDER_CLASS, **fields: object
) -> Agreement:
    """Signed between a school and a firm, on 40 people."""
    consortium = consortium or make_consortium()
    school = make_organisation(Organisation.Kind.COLLEGE)
    firm = make_organisation()
    for unit in (school, firm):
        make_membership(consortium, unit)
    facts: dict[str, object] = {
        "kind": kind,
        "state": "signed",
        "terms": {"head_count": 40, "class_name": "订单班"},
        "expires_on": clock.today() + timedelta(days=1500),
    }
    return make_agreement(consortium, [school, firm], **(facts | fields))


def make_cohort(
    agreement: Agreement | None = None, state: str = Cohort.State.SELECTING, **fields: object
) -> Cohort:
    """A cohort between the two parties of its agreement, open for applications."""
    agreement = agreement or make_training_agreement()
    parties = [p.organisation for p in agreement.party_set.order_by("order")]
    number = next(numbers)
    facts: dict[str, object] = {
        "consortium": agreement.consortium,
        "kind": agreement.kind,
        "title_zh": f"订单班{number}",
        "title_en": f"Order class {number}",
        "school": next(p for p in parties if p.is_school),
        "enterprise": next(p for p in parties if not p.is_school),
        "quota": 10,
        "starts_on": clock.today() - timedelta(days=200),
        "ends_on": clock.today() + timedelta(days=300),
    }
    return Cohort.objects.create(agreement=agreement, state=state, **(facts | fields))


def make_learner(
    cohort: Cohort,
    state: str = Learner.State.APPLIED,
    student: Student | None = None,
    **fields: object,
) -> Learner:
    """An applicant; ``state`` says how far it went."""
    if state == Learner.State.LEFT:
        fields = {"left_on": clock.today(), "reason": "转学"} | fields
    return Learner.objects.create(
        cohort=cohort,
        student=student or make_student(cohort.school),
        number=cohort.learners.count() + 1,
        state=state,
        **fields,
    )
