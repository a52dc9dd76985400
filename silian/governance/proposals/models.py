from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies.models import Body
from silian.kernel import clock


class Opinion(models.Model):
    """One reviewer's opinion of one application for a body, with the reason."""

    class View(models.TextChoices):
        ACCEPT = "accept", _("For approval")
        RETURN = "return", _("Return for changes")
        REFUSE = "refuse", _("Refuse")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="opinions")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    view = models.CharField(_("opinion"), max_length=10, choices=View)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("opinion")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.get_view_display()}"
