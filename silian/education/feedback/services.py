"""Saying what one thinks."""

from django.db import transaction

from silian.education.enrolments.models import Enrolment
from silian.education.feedback.models import Answer, Filled


@transaction.atomic
def fill(enrolment: Enrolment, answer: Answer) -> None:
    """Keep the answer and, apart from it, that this learner gave one; the database takes one each.

    Nothing is written into the record: its time beside the answer's place would say who it was.
    """
    Filled.objects.create(enrolment=enrolment)
    answer.session = enrolment.session
    answer.save(force_insert=True)
