"""Who reads what learners are paid, who promises and records it, and who objects."""

from collections.abc import Iterable
from datetime import date

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.allowances.models import Allowance, Payment
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.policy import concerned, learns_in, may_take_part, named_for


def visible_allowances(user: Viewer) -> QuerySet[Allowance]:
    """Both sides, the secretariat, and the learners of the cohort."""
    path = "phase__cohort__"
    rows = Allowance.objects.filter(concerned(user, path) | learns_in(user, path))
    return rows.select_related("phase__cohort__consortium", "payer")


def payments_in(user: Viewer, cohort: Cohort) -> QuerySet[Payment]:
    """Everything to both sides and the secretariat (``named``: may the reader know who it is?);
    to a learner their own."""
    own = Q(learner__student__user=user) if isinstance(user, User) else Q(pk=None)
    rows = Payment.objects.filter(learner__cohort=cohort).filter(
        own | concerned(user, "learner__cohort__")
    )
    named = ExpressionWrapper(
        Q(learner__in=named_for(user, cohort)), output_field=BooleanField(default=False)
    )
    joined = rows.select_related(
        "allowance__phase",
        "allowance__payer",
        "learner__student",
        "learner__cohort__consortium",
    )
    return joined.annotate(named=named)


def payers_for(user: Viewer, cohort: Cohort) -> QuerySet[Organisation]:
    """In whose name ``user`` can promise and pay."""
    sides = {cohort.school_id, *(firm.pk for firm in cohort.firms)}
    if not is_secretary(user, cohort.consortium):
        sides &= organisations_of(user)
    return Organisation.objects.filter(pk__in=sides)


def may_promise(user: Viewer, cohort: Cohort) -> Verdict:
    verdict = may_take_part(user, cohort)
    if verdict and cohort.state in (Cohort.State.FINISHED, Cohort.State.CANCELLED):
        return Verdict(_("This cohort is over."))
    return verdict


def may_change(user: Viewer, allowance: Allowance) -> Verdict:
    """What was paid already stays as it was promised."""
    verdict = may_promise(user, allowance.phase.cohort) and may_pay(user, allowance)
    if verdict and allowance.payments.exists():
        return Verdict(_("Something was paid of it already."))
    return verdict


def may_pay(user: Viewer, allowance: Allowance) -> Verdict:
    """Only the payer records what it paid."""
    if allowance.payer_id in organisations_of(user):
        return YES
    return Verdict(_("Only the one who pays records it."))


def may_take_back(user: Viewer, payment: Payment) -> Verdict:
    return may_pay(user, payment.allowance)


def may_object(user: Viewer, payment: Payment) -> Verdict:
    own = isinstance(user, User) and payment.learner.student.user_id == user.pk
    if not own:
        return Verdict(_("Only the learner can say that it did not arrive."))
    return Verdict(_("You have objected already.")) if payment.objection else YES


def may_answer(user: Viewer, payment: Payment) -> Verdict:
    verdict = may_pay(user, payment.allowance)
    if verdict and (not payment.objection or payment.answer):
        return Verdict(_("There is nothing to answer."))
    return verdict


def months_of(allowance: Allowance, until: date | None = None) -> list[date]:
    """The months of the phase that are over, or have begun by ``until``, by their first days."""
    last = min(allowance.phase.ends_on, until or clock.today())
    return list(_months(allowance.phase.starts_on, last))


def _months(first: date, last: date) -> Iterable[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (
            month.replace(month=month.month + 1) if month.month < 12 else date(month.year + 1, 1, 1)
        )


def unpaid(allowances: QuerySet[Allowance]) -> dict[Allowance, int]:
    """How many monthly payments of past months are not recorded, by allowance."""
    this_month = clock.today().replace(day=1)
    placed = Count(
        "phase__cohort__learners", filter=Q(phase__cohort__learners__state__in=Learner.PLACED)
    )
    rows = list(allowances.select_related("phase__cohort__consortium").annotate(placed=placed))
    payments = Payment.objects.filter(
        allowance__in=rows, month__lt=this_month, learner__state__in=Learner.PLACED
    )
    paid = dict(payments.order_by().values_list("allowance").annotate(Count("pk")))
    due = {one: sum(month < this_month for month in months_of(one)) for one in rows}
    return {one: max(due[one] * one.placed - paid.get(one.pk, 0), 0) for one in rows}
