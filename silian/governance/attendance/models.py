from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class SignInSheet(models.Model):
    """A scan of a sheet on which people signed in by hand."""

    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.PROTECT, related_name="sign_in_sheets"
    )
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("sign-in sheet")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.file}"
