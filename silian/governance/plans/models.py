from django.db import models
from django.db.models import Deferrable, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


class Task(models.Model):
    """A key task the consortium announced, such as the seven of 温州湾新区."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="tasks"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    owner = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("responsible"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )

    class Meta:
        verbose_name = _("key task")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "number"],
                name="one_task_per_number",
                deferrable=Deferrable.DEFERRED,  # two tasks change places in one transaction
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Target(models.Model):
    """A number to be reached in a year: at least ``low`` and, where given, at most ``high``."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="targets"
    )
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.SET_NULL)
    year = models.PositiveSmallIntegerField(_("year"))
    name_zh = models.CharField(_("target in Chinese"), max_length=200)
    name_en = models.CharField(_("target in English"), max_length=200, blank=True)
    name = Bilingual()
    low = models.PositiveIntegerField(_("lower end"))
    high = models.PositiveIntegerField(_("upper end"), null=True, blank=True)
    reached = models.PositiveIntegerField(_("reached, as reported"), default=0)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("yearly target")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "year", "name_zh"], name="one_target_per_year"
            ),
            models.CheckConstraint(
                condition=Q(high=None) | Q(high__gte=F("low")), name="target_high_is_not_below_low"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("plans:target_detail", args=[self.consortium, self.pk])

    @property
    def is_met(self) -> bool:
        return self.reached >= self.low

    @property
    def percent(self) -> int:
        """How much of the lower end is reached, rounded down; more than 100 where exceeded."""
        return 100 * self.reached // (self.low or 1)

    @property
    def shown(self) -> int:
        """What a bar that ends at the lower end shows."""
        return min(self.reached, self.low)

    @property
    def is_exceeded(self) -> bool:
        """More than the plan allows, where it sets an upper end."""
        return self.high is not None and self.reached > self.high
