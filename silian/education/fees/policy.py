"""What is owed and paid, who enters payments, and who sees receipts."""

from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from silian.education.courses.models import Session
from silian.education.courses.policy import managed, may_manage
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.policy import visible_enrolments
from silian.education.fees.models import Line, Receipt
from silian.governance.roles.policy import Viewer, organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

MONEY = DecimalField(max_digits=10, decimal_places=2)
NOTHING = Value(Decimal(0), output_field=MONEY)


def with_money(rows: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Each with what it ``owes`` in all, what was ``paid``, and what is ``open``."""
    sums = Line.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    paid = Subquery(sums.annotate(n=Sum("amount")).values("n"), output_field=MONEY)
    owes = Case(
        When(state__in=Enrolment.PLACED, then=F("price")),
        When(state=Enrolment.State.CANCELLED, then=F("cancel_fee")),
        default=NOTHING,
        output_field=MONEY,
    )
    found = rows.annotate(owes=owes, paid=Coalesce(paid, NOTHING, output_field=MONEY))
    return found.annotate(open=F("owes") - F("paid"))


def visible_fees(user: Viewer, session: Session) -> QuerySet[Any]:
    """The places of ``session`` that cost or have cost something, as far as ``user`` sees them."""
    rows: QuerySet[Any] = with_money(visible_enrolments(user).filter(session=session))
    return rows.exclude(owes=0, paid=0).order_by("organisation__name_zh", "pk")


def visible_receipts(user: Viewer) -> QuerySet[Receipt]:
    """Those one issues, and those made out to oneself or one's organisation."""
    if not isinstance(user, User):
        return Receipt.objects.none()
    seen = Q(person__user=user) | Q(organisation__in=organisations_of(user))
    seen |= managed(user, "session__course__")
    rows = Receipt.objects.filter(seen)
    return rows.select_related(
        "book__issuer",
        "book__consortium",
        "session__course__consortium",
        "session__course__organiser",
        "person",
        "organisation",
        "paper",
    )


def may_enter(user: Viewer, session: Session) -> Verdict:
    """The organiser enters what came in."""
    return may_manage(user, session.course)


def may_see(user: Viewer, session: Session) -> Verdict:
    if may_manage(user, session.course) or organisations_of(user):
        return YES
    return Verdict(_("Only the organiser and organisations that pay see what is owed."))


def may_pay(user: Viewer, enrolment: Enrolment) -> Verdict:
    """May ``user`` pay online for it?"""
    own = enrolment.person.user_id == user.pk or enrolment.organisation_id in organisations_of(user)
    if not own or enrolment.payer == "government":
        return Verdict(_("Only who owes it can pay."))
    return YES


def open_for(enrolment: Enrolment) -> Decimal:
    """What is still to be paid for one place, or given back where it is below nothing."""
    paid = enrolment.payments.aggregate(n=Sum("amount"))["n"] or Decimal(0)
    return enrolment.due - paid
