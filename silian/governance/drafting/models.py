from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.governance.agreements.models import Agreement
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


class Template(models.Model):
    """A text that agreements of a kind begin with; edited by the secretariat."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="agreement_templates"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Agreement.Kind)
    name = models.CharField(_("name"), max_length=100)
    text = models.TextField(_("text"))  # Markdown with {{ places }}
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("changed"), default=clock.now)

    class Meta:
        verbose_name = _("template")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "kind", "name"], name="one_template_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
