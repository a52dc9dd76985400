from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Share(models.Model):
    """How many of a programme's graduates go into one of its occupations, as its school states.

    Where a school states nothing, its graduates are spread evenly over the programme's occupations.
    """

    programme = models.ForeignKey(
        "programmes.Programme", on_delete=models.CASCADE, related_name="shares"
    )
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    percent = models.PositiveSmallIntegerField(_("share of graduates, percent"))

    class Meta:
        verbose_name = _("share of graduates")
        ordering = ["programme", "-percent"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "occupation"], name="one_share_an_occupation"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="a_share_is_a_part"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} → {self.occupation}: {self.percent} %"
