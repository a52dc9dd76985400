from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Ceremony(models.Model):
    """An item of a meeting at which agreements are signed in turn."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Held")

    MOVES = {State.PREPARED: {State.RUNNING}, State.RUNNING: {State.DONE}}
    STATE_COLOURS = {State.PREPARED: "azure", State.RUNNING: "yellow", State.DONE: "green"}

    item = models.OneToOneField("meetings.Item", on_delete=models.CASCADE, related_name="ceremony")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    current = models.ForeignKey(  # the agreement whose turn it is
        "Turn", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("signing ceremony")
        verbose_name_plural = _("signing ceremonies")
        ordering = ["-item__meeting__starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="prepared", started_at=None)
                | (~Q(state="prepared") & Q(started_at__isnull=False)),
                name="a_ceremony_under_way_has_started",
            ),
            models.CheckConstraint(
                condition=Q(state="done", ended_at__isnull=False)
                | (~Q(state="done") & Q(ended_at=None)),
                name="a_ceremony_that_is_over_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)

    def get_absolute_url(self) -> str:
        consortium = self.item.meeting.consortium
        return reverse("ceremonies:ceremony_detail", args=[consortium, self.pk])


class Turn(models.Model):
    """One agreement's place in the order of a ceremony."""

    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="turns")
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="turns"
    )
    order = models.PositiveSmallIntegerField(default=1)
    called_at = models.DateTimeField(_("called up"), null=True, blank=True)  # for the first time

    class Meta:
        verbose_name = _("turn")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ceremony", "agreement"], name="an_agreement_has_one_turn"
            )
        ]

    def __str__(self) -> str:
        return str(self.agreement)
