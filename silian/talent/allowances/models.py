from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Allowance(models.Model):
    """What each learner is promised a month in one phase, and by whom."""

    class Kind(models.TextChoices):
        PAY = "pay", _("Apprentice pay")
        SCHOLARSHIP = "scholarship", _("Scholarship")
        BOARD = "board", _("Board and lodging")
        TRAVEL = "travel", _("Travel")

    phase = models.ForeignKey(
        "rotations.Phase",
        verbose_name=_("phase"),
        on_delete=models.PROTECT,
        related_name="allowances",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    payer = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("paid by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    amount = models.DecimalField(_("yuan a month and learner"), max_digits=9, decimal_places=2)
    note = models.CharField(_("conditions"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("allowance")
        ordering = ["phase__order", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "kind", "payer"], name="an_allowance_is_promised_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="an_allowance_is_worth_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase}: {self.get_kind_display()}"


class Payment(models.Model):
    """What one learner was paid of an allowance for one month, directly and in money."""

    allowance = models.ForeignKey(
        Allowance,
        verbose_name=_("allowance"),
        on_delete=models.PROTECT,
        related_name="payments",
    )
    learner = models.ForeignKey(
        "cohorts.Learner",
        verbose_name=_("learner"),
        on_delete=models.PROTECT,
        related_name="payments",
    )
    month = models.DateField(_("for the month"))  # its first day
    amount = models.DecimalField(_("amount, yuan"), max_digits=9, decimal_places=2)
    paid_on = models.DateField(_("paid on"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("entered"), default=clock.now)
    objection = models.CharField(_("what the learner objects to"), max_length=300, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("payment")
        ordering = ["-month", "learner__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["allowance", "learner", "month"], name="one_allowance_a_month"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_of_money"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(answer="") | ~Q(objection=""), name="only_objections_are_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner}, {self.month:%Y-%m}"
