from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Vote(models.Model):
    """One unit's open vote. Until the vote is closed it may be changed.

    By correspondence the row stands from the opening on, so that the roll is fixed; there it is
    without a choice until the unit answers.
    """

    class Choice(models.TextChoices):
        FOR = "for", _("For")
        AGAINST = "against", _("Against")
        ABSTAIN = "abstain", _("Abstention")

    motion = models.ForeignKey("motions.Motion", on_delete=models.CASCADE, related_name="votes")
    organisation = models.ForeignKey(
        "members.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(  # where one person alone may vote for the unit
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    votes = models.PositiveSmallIntegerField(default=1)
    choice = models.CharField(_("vote"), max_length=10, choices=Choice, blank=True)
    proxy = models.ForeignKey(  # the unit that votes in this one's place
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_secretariat = models.BooleanField(default=False)  # called by name, or on paper
    cast_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cast_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["organisation__name_zh", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "organisation"], name="one_vote_a_unit_and_motion"
            ),
            models.CheckConstraint(
                condition=Q(choice="", cast_by=None, cast_at=None)
                | (~Q(choice="") & Q(cast_by__isnull=False, cast_at__isnull=False)),
                name="votes_are_cast_by_somebody",
            ),
            models.CheckConstraint(condition=Q(votes__gte=1), name="a_vote_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"
