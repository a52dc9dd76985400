from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Bank(models.Model):
    """The items of a consortium, or of one organisation in it; nobody else sees them."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="banks"
    )
    organisation = models.ForeignKey(  # null: the consortium's own
        "members.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="banks",
    )
    name_zh = models.CharField(_("name in Chinese"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    name = Bilingual()

    class Meta:
        verbose_name = _("item bank")
        ordering = ["consortium", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "name_zh"], name="a_bank_has_a_name_of_its_own"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("banks:bank_detail", args=[self.consortium, self.pk])


class Seat(models.Model):
    """What somebody may do in a bank. Writing, reviewing and setting papers are given apart."""

    class Part(models.TextChoices):
        AUTHOR = "author", _("Writes items")
        REVIEWER = "reviewer", _("Reviews items")
        SETTER = "setter", _("Sets papers")

    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    part = models.CharField(_("may"), max_length=10, choices=Part)
    since = models.DateField(_("from"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)  # the first day without

    class Meta:
        verbose_name = _("seat")
        ordering = ["part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "user", "part"],
                condition=Q(until=None),
                name="a_seat_in_a_bank_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="seats_end_after_they_begin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_part_display()}"
