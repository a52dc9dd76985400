from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Review(models.Model):
    """An edition before a committee: who may speak, how many must, and what came of it."""

    class State(models.TextChoices):
        OPEN = "open", _("Opinions are being given")
        PASSED = "passed", _("Passed")
        CHANGES = "changes", _("Passed only with changes")
        REFUSED = "refused", _("Not passed")
        WITHDRAWN = "withdrawn", _("Withdrawn by the school")

    MOVES = {State.OPEN: {State.PASSED, State.CHANGES, State.REFUSED, State.WITHDRAWN}}
    STATE_COLOURS = {
        "open": "yellow",
        "passed": "green",
        "changes": "orange",
        "refused": "red",
        "withdrawn": "secondary",
    }

    edition = models.ForeignKey(
        "standards.Edition", on_delete=models.CASCADE, related_name="reviews"
    )
    body = models.ForeignKey(
        "bodies.Body", verbose_name=_("committee"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    note = models.TextField(_("note to the committee"), blank=True)
    reason = models.TextField(_("why it is handed in in spite of warnings"), blank=True)
    warnings = models.JSONField(default=list, blank=True)  # as they were when it was handed in
    quorum = models.PositiveSmallIntegerField(_("opinions needed"))
    due_on = models.DateField(_("opinions until"))
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    handed_in_at = models.DateTimeField(_("handed in"), default=clock.now)
    counts = models.JSONField(default=dict, blank=True)  # of the opinions, when it ended
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        ordering = ["-handed_in_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=Q(state="open"), name="one_review_at_a_time"
            ),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="somebody_must_speak"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="ended_reviews_say_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.body}"

    def get_absolute_url(self) -> str:
        return reverse("reviewing:review_detail", args=[self.edition.standard.consortium, self.pk])


class Reviewer(models.Model):
    """A member of the committee as it was when the edition was handed in."""

    class View(models.TextChoices):
        AGREE = "agree", _("Agrees")
        CHANGES = "changes", _("Agrees, with changes")
        REFUSE = "refuse", _("Refuses")

    VIEW_COLOURS = {"agree": "green", "changes": "orange", "refuse": "red"}

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reviewers")
    appointment = models.ForeignKey(
        "bodies.Appointment", on_delete=models.PROTECT, related_name="+"
    )
    avoids = models.BooleanField(_("does not take part"), default=False)  # helped to write it
    view = models.CharField(_("opinion"), max_length=10, choices=View, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(  # who entered it: the reviewer, or the secretariat from paper
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"), null=True, blank=True)

    class Meta:
        verbose_name = _("reviewer")
        ordering = ["appointment__role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "appointment"], name="a_reviewer_is_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(view="", at=None, by=None)
                | (~Q(view="") & ~Q(reason="") & Q(at__isnull=False, by__isnull=False)),
                name="an_opinion_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(avoids=False) | Q(view=""), name="who_wrote_it_does_not_review_it"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment}"

    @property
    def view_colour(self) -> str:
        return self.VIEW_COLOURS.get(self.view, "secondary")

    @property
    def person(self) -> Any:
        return self.appointment.user
