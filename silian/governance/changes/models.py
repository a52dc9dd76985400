from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class EarlyEnd(models.Model):
    """One party asks to end an agreement before its term; the others agree or object."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Awaiting answers")
        OBJECTED = "objected", _("Objected to")
        AGREED = "agreed", _("Agreed, day to come")
        DONE = "done", _("Ended")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        State.PROPOSED: {State.AGREED, State.OBJECTED, State.WITHDRAWN},
        State.OBJECTED: {State.AGREED, State.WITHDRAWN},
        State.AGREED: {State.DONE, State.WITHDRAWN},
    }
    STATE_COLOURS = {State.PROPOSED: "azure", State.OBJECTED: "red", State.AGREED: "yellow"}
    RUNNING = (State.PROPOSED, State.OBJECTED, State.AGREED)

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="early_ends"
    )
    organisation = models.ForeignKey(  # nobody where the secretariat asks
        "members.Organisation",
        verbose_name=_("who asks"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.TextField(_("reason"))
    last_day = models.DateField(_("last day"))
    answer_until = models.DateField(_("answers until"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    basis = models.TextField(_("written basis"), blank=True)  # where the secretariat decides
    paper = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("early end")
        verbose_name_plural = _("early ends")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state__in=["proposed", "objected", "agreed"]),
                name="one_early_end_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("changes:early_end_detail", args=[self.agreement.consortium, self.pk])

    @property
    def effective_on(self) -> date:
        """The last day that was asked for; today where the answers took longer."""
        return max(self.last_day, clock.today())


class EarlyEndAnswer(models.Model):
    """One party's answer to a proposed early end."""

    early_end = models.ForeignKey(EarlyEnd, on_delete=models.PROTECT, related_name="answers")
    organisation = models.ForeignKey(
        "members.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    agrees = models.BooleanField(_("agrees"))
    text = models.TextField(_("answer"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["early_end", "organisation"], name="a_party_answers_an_early_end_once"
            ),
            models.CheckConstraint(
                condition=Q(agrees=True) | ~Q(text=""), name="an_objection_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.agrees}"


class Registration(models.Model):
    """A technology contract's registration with the authority: once, by its seller."""

    agreement = models.OneToOneField(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="registration"
    )
    seller = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("registration number"), max_length=40, unique=True)
    registered_on = models.DateField(_("registered on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("registration")

    def __str__(self) -> str:
        return self.number
