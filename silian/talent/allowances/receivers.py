"""What waits for those who pay."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.allowances.models import Allowance, Payment
from silian.talent.allowances.policy import unpaid
from silian.talent.cohorts.models import Learner


@todos.source
def payments_to_record(user: User) -> Iterable[Todo]:
    """Payers: months that are over and for which nothing is recorded."""
    rows = Allowance.objects.filter(
        payer__in=organisations_of(user), phase__cohort__state="running"
    ).annotate(
        placed=Count(
            "phase__cohort__learners",
            filter=Q(phase__cohort__learners__state__in=Learner.PLACED),
        )
    )
    missing: dict[int, int] = {}
    cohorts = {}
    for allowance in rows.select_related("phase__cohort__consortium"):
        cohort = allowance.phase.cohort
        cohorts[cohort.pk] = cohort
        missing[cohort.pk] = missing.get(cohort.pk, 0) + unpaid(allowance, allowance.placed)
    for key, count in missing.items():
        cohort = cohorts[key]
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
