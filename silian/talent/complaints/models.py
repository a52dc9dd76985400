from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock, vault


class Officer(models.Model):
    """Somebody who answers complaints in one consortium, from one day to another.

    Nobody who acts for a school, an enterprise or the secretariat can be one (``policy.is_free``).
    """

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("Of the guiding authority")
        OMBUDSPERSON = "ombudsperson", _("Ombudsperson")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="complaint_officers"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    start = models.DateField(_("from"), default=clock.today)
    end = models.DateField(_("until"), null=True, blank=True)  # the first day it no longer counts

    class Meta:
        verbose_name = _("officer of the desk")
        ordering = ["start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")), name="officers_end_after_they_start"
            ),
            ExclusionConstraint(
                name="an_officer_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("consortium", RangeOperators.EQUAL),
                    (Func("start", "end", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_kind_display()}"


class Complaint(models.Model):
    """What somebody complains of. All words are sealed; its name tells nothing."""

    class About(models.TextChoices):
        HOURS = "hours", _("Hours, night work, overtime")
        PAY = "pay", _("Pay, fees, deposits")
        WORK = "work", _("Work that is dangerous or has nothing to do with the programme")
        AGENCY = "agency", _("An agency takes part")
        FORCED = "forced", _("Forced, threatened, papers held")
        SAFETY = "safety", _("Safety, harassment, accident")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        RECEIVED = "received", _("Just received")
        IN_HAND = "in_hand", _("In hand")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    MOVES = {
        State.RECEIVED: {State.IN_HAND, State.ANSWERED},
        State.IN_HAND: {State.ANSWERED},
        State.ANSWERED: {State.IN_HAND, State.CLOSED},
    }
    OPEN = (State.RECEIVED, State.IN_HAND)
    STATE_COLOURS = {"received": "yellow", "in_hand": "blue", "answered": "green"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="complaints"
    )
    about = models.CharField(_("about"), max_length=20, choices=About)
    digest = models.CharField(max_length=64, unique=True)  # of the receipt code
    user = models.ForeignKey(  # none: anonymous
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    at = models.DateTimeField(_("received"), default=clock.now)
    due_on = models.DateField(_("answer until"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("complaint")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"]) | Q(answered_at__isnull=False),
                name="answered_complaints_say_when",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Message(models.Model):
    """One turn of the conversation between whoever complains and the desk; sealed."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="messages")
    of_desk = models.BooleanField(default=False)
    by = models.ForeignKey(  # the officer; whoever complains is not named here
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed = models.BinaryField()
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(of_desk=True, by__isnull=False) | Q(of_desk=False, by=None),
                name="the_desk_signs_its_words_alone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.at:%Y-%m-%d}"

    @property
    def text(self) -> str:
        return vault.opened(bytes(self.sealed))


class Attachment(models.Model):
    """A file of a message, sealed like its words."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.BinaryField()
    media_type = models.CharField(max_length=100)
    sealed = models.BinaryField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.message}"

    @property
    def title(self) -> str:
        return vault.opened(bytes(self.name))
