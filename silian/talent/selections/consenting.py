"""Whether the enterprises of a cohort read who a learner is: given and withdrawn by the learner."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.consents.models import Consent

VERSION = 1  # of the wording; a new one asks again


def wording(cohort: Cohort) -> str:
    """What the student reads, and what is kept."""
    names = "、".join(firm.name for firm in cohort.firms)
    return _(
        "%(names)s may read my name, programme, class, application and result in this cohort, for "
        "selecting and training me. Without it they see a number only. I can withdraw this at any "
        "time, and lose no place by it."
    ) % {"names": names}


def consented(learner: Learner) -> bool:
    return _running(learner).exists()


@transaction.atomic
def give(learner: Learner, *, by: User) -> None:
    """Let every enterprise of the cohort read who the learner is."""
    already = set(_running(learner).values_list("recipient", flat=True))
    text = wording(learner.cohort)
    for firm in learner.cohort.firms:
        if firm.pk not in already:
            Consent.objects.create(
                person=learner.student.person,
                recipient=firm,
                purpose=Consent.Purpose.COHORT,
                version=VERSION,
                text=text,
                given_by=by,
            )
    record(learner, gettext_noop("Consent given"), by=by)


@transaction.atomic
def withdraw(learner: Learner, *, by: User) -> None:
    """From now on the enterprises see a number again."""
    _running(learner).update(withdrawn_at=clock.now())
    record(learner, gettext_noop("Consent withdrawn"), by=by)


def _running(learner: Learner) -> QuerySet[Consent]:
    return Consent.objects.running().filter(
        person=learner.student.person,
        purpose=Consent.Purpose.COHORT,
        recipient__in=[firm.pk for firm in learner.cohort.firms],
    )
