from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Organ
from silian.kernel import clock


class Petition(models.Model):
    """A demand for an extraordinary meeting of an organ, which its units can support."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="petitions"
    )
    organ = models.CharField(_("organ"), max_length=20, choices=Organ, default=Organ.ASSEMBLY)
    title = models.CharField(_("what is to be discussed"), max_length=200)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("made"), default=clock.now)
    meeting = models.OneToOneField(  # what was prepared because of it
        "meetings.Meeting", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("petition")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("petitions:petition_detail", args=[self.consortium, self.pk])


class Support(models.Model):
    """One unit's support of a petition."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="supports")
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "organisation"], name="a_unit_supports_a_petition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"
