"""Whether the enterprises of a cohort read who a learner is: given and withdrawn by the learner."""

from django.db import transaction

from silian.kernel.accounts.models import User
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.consents import services
from silian.talent.consents.models import Consent, ConsentQuerySet
from silian.talent.consents.policy import counting
from silian.talent.consents.wordings import wording_of

COHORT = Consent.Purpose.COHORT


def wording(cohort: Cohort) -> str:
    """What the student reads: to whom, and what is kept."""
    names = "、".join(firm.name for firm in cohort.firms)
    return f"{names}\n{wording_of(COHORT).whole}"


def consented(learner: Learner) -> bool:
    """To every enterprise of the cohort?"""
    return len(_running(learner)) == len(learner.cohort.firms)


@transaction.atomic
def give(learner: Learner, *, by: User) -> None:
    """Let every enterprise of the cohort read who the learner is."""
    already = {consent.recipient_id for consent in _running(learner)}
    for firm in learner.cohort.firms:
        if firm.pk not in already:
            services.give(learner.student.person, COHORT, by=by, recipient=firm)


@transaction.atomic
def withdraw(learner: Learner, *, by: User) -> None:
    """From now on the enterprises see a number again."""
    for consent in _running(learner):
        services.withdraw(consent, by=by)


def _running(learner: Learner) -> ConsentQuerySet:
    firms = [firm.pk for firm in learner.cohort.firms]
    return counting(COHORT).filter(person=learner.student.person, recipient__in=firms)
