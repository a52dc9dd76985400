from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Badge(models.Model):
    """A certificate as an Open Badge, signed when it was first asked for; signed anew only where
    its key was withdrawn."""

    certificate = models.OneToOneField(
        "credentials.Certificate", on_delete=models.PROTECT, related_name="badge"
    )
    key = models.ForeignKey("keyring.Key", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()  # the credential with its proof, as JSON, always the same bytes
    signed_at = models.DateTimeField(_("signed"), default=clock.now)

    class Meta:
        verbose_name = _("open badge")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.certificate)
