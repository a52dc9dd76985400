from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class RuleSetting(models.Model):
    """How strictly a consortium applies a rule of rules.toml, and with which numbers."""

    class Level(models.TextChoices):
        BLOCK = "block", _("Cannot be handed in")
        WARN = "warn", _("Only with a written reason")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="+"
    )
    rule = models.CharField(_("rule"), max_length=60)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    numbers = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("changed"), default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "rule"], name="one_setting_a_rule_for_standards"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consortium}: {self.rule}"
