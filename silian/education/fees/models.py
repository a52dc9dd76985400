from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Session
from silian.education.courses.terms import Payer
from silian.education.enrolments.models import Enrolment
from silian.kernel import clock


class Book(models.Model):
    """The receipts of one issuer and year: who takes the next number holds this row."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="+"
    )
    issuer = models.ForeignKey(
        "members.Organisation",
        null=True,  # the body itself
        on_delete=models.PROTECT,
        related_name="+",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("book of receipts")
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "issuer", "year"],
                name="one_book_of_receipts_a_year",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuer or self.consortium} {self.year}"


class Receipt(models.Model):
    """Money received from one payer for places of one session, or given back.

    It is never changed: what was wrong is set right by another one with the opposite amount.
    """

    class Way(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        CASH = "cash", _("Cash")
        CARD = "card", _("Card or phone at the desk")
        ONLINE = "online", _("Online")

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField(_("number"))
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="receipts")
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer)
    person = models.ForeignKey(
        "persons.Person", null=True, on_delete=models.PROTECT, related_name="training_receipts"
    )
    organisation = models.ForeignKey(
        "members.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    way = models.CharField(_("way of payment"), max_length=10, choices=Way)
    paid_on = models.DateField(_("day of payment"))
    reference = models.CharField(_("reference of the payment"), max_length=100, blank=True)
    paper = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )  # as it was issued
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("entered"), default=clock.now)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="one_receipt_per_number"),
            models.CheckConstraint(condition=~Q(amount=0), name="a_receipt_is_on_money"),
            models.CheckConstraint(
                condition=Q(payer="person", person__isnull=False, organisation=None)
                | Q(payer__in=["member", "other"], organisation__isnull=False, person=None)
                | Q(payer="government", organisation=None, person=None),
                name="a_receipt_has_one_payer",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Receipt %(code)s") % {"code": self.code}

    def get_absolute_url(self) -> str:
        consortium = self.session.course.consortium
        return reverse("fees:receipt_paper", args=[consortium, self.pk])

    @property
    def code(self) -> str:
        return f"{self.book.year}-{self.number:05}"

    @property
    def payer_name(self) -> str:
        """Who paid, in words."""
        if self.organisation:
            return self.organisation.name
        return str(self.person) if self.person else self.get_payer_display()


class Line(models.Model):
    """What of a receipt is for one place."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="lines")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("line of a receipt")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "enrolment"], name="one_line_a_receipt_and_place"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="a_line_is_on_money"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt}: {self.amount}"
