"""What waits for those who pay."""

from collections import Counter
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.allowances.models import Allowance, Payment
from silian.talent.allowances.policy import unpaid
from silian.talent.cohorts.models import Cohort


@todos.source
def payments_to_record(user: User) -> Iterable[Todo]:
    """Payers: months that are over and for which nothing is recorded."""
    rows = Allowance.objects.filter(
        payer__in=organisations_of(user), phase__cohort__state="running"
    )
    missing: Counter[Cohort] = Counter()
    for allowance, count in unpaid(rows).items():
        missing[allowance.phase.cohort] += count
    for cohort, count in missing.items():
        url = reverse("allowances:allowance_index", args=[cohort.consortium, cohort.pk])
        label = _("Record payments: %(cohort)s") % {"cohort": cohort.title}
        yield Todo(label, url, count, place=cohort.consortium.name)


@todos.source
def objections_to_answer(user: User) -> Iterable[Todo]:
    """Payers: what learners say did not arrive."""
    rows = Payment.objects.filter(allowance__payer__in=organisations_of(user), answer="")
    rows = rows.exclude(objection="").select_related("learner__cohort__consortium")
    for payment in rows:
        cohort = payment.learner.cohort
        url = reverse("allowances:payment_detail", args=[cohort.consortium, cohort.pk, payment.pk])
        label = _("Answer an objection to a payment: %(cohort)s") % {"cohort": cohort.title}
        yield Todo(label, url, place=cohort.consortium.name)
