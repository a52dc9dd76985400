from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Session
from silian.education.courses.terms import Payer
from silian.kernel import clock


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def placed(self) -> "EnrolmentQuerySet":
        """Those that have a place, or had one until the end."""
        return self.filter(state__in=Enrolment.PLACED)

    def live(self) -> "EnrolmentQuerySet":
        """Those that count towards one enrolment a person and session."""
        return self.filter(state__in=Enrolment.LIVE)

    def in_line(self) -> "EnrolmentQuerySet":
        """The waiting list, the first first."""
        return self.filter(state=Enrolment.State.WAITING).order_by("queued_at", "pk")


class Enrolment(models.Model):
    """A person's place in a session, or in its waiting list.

    A trigger in the first migration counts places into ``Session.taken``, where a check keeps them
    within ``places_max``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("On the waiting list")
        ENROLLED = "enrolled", _("Has a place")
        CANCELLED = "cancelled", _("Enrolment cancelled")
        LAPSED = "lapsed", _("No place became free")
        COMPLETED = "completed", _("Training completed")
        FAILED = "failed", _("Not completed")

    MOVES = {
        State.WAITING: {State.ENROLLED, State.CANCELLED, State.LAPSED},
        State.ENROLLED: {State.CANCELLED, State.COMPLETED, State.FAILED},
        State.COMPLETED: {State.FAILED},
        State.FAILED: {State.COMPLETED},
    }
    PLACED = (State.ENROLLED, State.COMPLETED, State.FAILED)
    LIVE = (State.WAITING, *PLACED)
    STATE_COLOURS = {
        "waiting": "yellow",
        "enrolled": "green",
        "completed": "blue",
        "cancelled": "red",
        "failed": "orange",
    }

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(
        "persons.Person", on_delete=models.PROTECT, related_name="enrolments_in_courses"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("enrolled by"),
        null=True,  # the person alone
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer)
    price = models.DecimalField(_("price"), max_digits=8, decimal_places=2)  # as it was agreed
    queued_at = models.DateTimeField(_("asked for"), default=clock.now)
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, blank=True)
    cancel_fee = models.DecimalField(
        _("due for cancelling"), max_digits=8, decimal_places=2, default=Decimal(0)
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["queued_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(state__in=["waiting", "enrolled", "completed", "failed"]),
                name="one_place_a_person_and_session",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, cancel_fee__gte=0, cancel_fee__lte=models.F("price")),
                name="cancelling_is_no_dearer_than_the_place",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") ^ Q(cancelled_at=None),
                name="only_what_is_cancelled_has_a_time_of_it",
            ),
            models.CheckConstraint(
                condition=Q(payer__in=["person", "government"]) | Q(organisation__isnull=False),
                name="who_pays_for_a_place_is_named",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="enrolment_of_a_firm")]

    def __str__(self) -> str:
        return f"{self.session}, {self.code}"

    def get_absolute_url(self) -> str:
        consortium = self.session.course.consortium
        return reverse("enrolments:enrolment_detail", args=[consortium, self.pk])

    @property
    def code(self) -> str:
        """What stands for the person where their name may not be shown."""
        return f"E{self.session_id}-{self.pk}"

    @property
    def due(self) -> Decimal:
        """What is owed for it, whether paid or not."""
        if self.state == self.State.CANCELLED:
            return self.cancel_fee
        return self.price if self.state in self.PLACED else Decimal(0)
