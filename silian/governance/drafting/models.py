from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Consent(models.Model):
    """One party's word that it agrees to a version; gone when parties or terms change."""

    version = models.ForeignKey(
        "agreements.Version", on_delete=models.CASCADE, related_name="consents"
    )
    party = models.ForeignKey("agreements.Party", on_delete=models.CASCADE, related_name="consents")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("consent")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "party"], name="a_party_agrees_to_a_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.version}"
