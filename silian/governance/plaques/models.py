from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


class Numbering(models.Model):
    """How a consortium numbers its plaques: a prefix of its own, the year and a serial."""

    consortium = models.OneToOneField(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="plaque_numbering"
    )
    prefix = models.CharField(
        _("prefix"),
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z0-9]+(-[A-Z0-9]+)*$", _("Capital letters, digits and hyphens between them.")
            )
        ],
    )
    digits = models.PositiveSmallIntegerField(
        _("digits of the serial"),
        default=3,
        validators=[MinValueValidator(2), MaxValueValidator(8)],
    )

    def __str__(self) -> str:
        return self.prefix

    def number(self, year: int, serial: int) -> str:
        return f"{self.stem(year)}{serial:0{self.digits}}"

    def stem(self, year: int) -> str:
        """What all numbers of a year begin with."""
        return f"{self.prefix}-{year}-"


class Plaque(models.Model):
    """A plaque (授牌) issued with a number, listed publicly, withdrawn with a reason."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="plaques"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("holder"),
        on_delete=models.PROTECT,
        related_name="plaques",
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    inscription_zh = models.CharField(_("inscription in Chinese"), max_length=200)
    inscription_en = models.CharField(_("inscription in English"), max_length=200, blank=True)
    inscription = Bilingual()
    issued_on = models.DateField(_("issued on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_why = models.CharField(_("why withdrawn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("plaque")
        verbose_name_plural = _("plaques")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | ~Q(withdrawn_why=""),
                name="withdrawn_plaques_say_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.inscription}"

    def get_absolute_url(self) -> str:
        """The public check page, to which the QR code leads."""
        return reverse("plaques:plaque_check", args=[self.number])

    @property
    def is_valid(self) -> bool:
        return self.withdrawn_on is None
