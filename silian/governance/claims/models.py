from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Claim(models.Model):
    """Somebody says that they act for an organisation, with a proof that is checked."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Awaiting review")
        RETURNED = "returned", _("Returned for changes")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        State.SUBMITTED: {State.RETURNED, State.APPROVED, State.REFUSED, State.WITHDRAWN},
        State.RETURNED: {State.SUBMITTED, State.WITHDRAWN},
    }
    OPEN = (State.SUBMITTED, State.RETURNED)
    STATE_COLOURS = {
        "submitted": "blue",
        "returned": "orange",
        "approved": "green",
        "refused": "red",
    }

    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="claims",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims"
    )
    title = models.CharField(_("your post there"), max_length=100)
    statement = models.TextField(_("why you act for it"), max_length=1000)
    proof = models.ForeignKey(
        "files.StoredFile",
        verbose_name=_("proof"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    disputed = models.BooleanField(_("it had a manager already"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUBMITTED)
    answer = models.CharField(_("answer"), max_length=2000, blank=True)
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("claim")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=models.Q(state__in=["submitted", "returned"]),
                name="one_open_claim_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("claims:claim_detail", args=[self.pk])
