from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


class Profile(models.Model):
    """What the register knows of an enterprise beside the data of the organisation (I1)."""

    organisation = models.OneToOneField(
        "members.Organisation", on_delete=models.CASCADE, related_name="enterprise_profile"
    )
    park = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("park"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="enterprises_in_park",
    )
    products_zh = models.CharField(_("products in Chinese"), max_length=500, blank=True)
    products_en = models.CharField(_("products in English"), max_length=500, blank=True)
    products = Bilingual()

    class Meta:
        verbose_name = _("enterprise profile")
        constraints = [
            models.CheckConstraint(
                condition=~Q(park=models.F("organisation")), name="no_enterprise_is_its_own_park"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"
