from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL


class Arbitration(models.Model):
    """Sheets of a turn differ too much: one person hears the panel and decides for all of it.

    The sheets stay as they were signed; a decision stays too, a trigger sees to it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Decision needed")
        DECIDED = "decided", _("Arbitrated")

    MOVES = {State.WAITING: {State.DECIDED}}
    STATE_COLOURS = {"waiting": "yellow", "decided": "green"}

    turn = models.OneToOneField(
        "practicals.Turn", on_delete=models.PROTECT, related_name="arbitration"
    )
    arbiter = models.ForeignKey(
        "examiners.Examiner",
        verbose_name=_("arbiter"),
        on_delete=models.PROTECT,
        related_name="arbitrations",
    )
    named_by = models.ForeignKey(  # None where the chief decides by office
        USER, verbose_name=_("named by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.TextField(_("reasons of the decision"), blank=True)
    total = models.DecimalField(_("total"), max_digits=6, decimal_places=2, null=True)
    failed = models.BooleanField(_("a critical point failed"), default=False)
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("arbitration")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", total=None, decided_at=None)
                | Q(state="decided", total__gte=0, total__lte=100, decided_at__isnull=False)
                & ~Q(reason=""),
                name="a_decision_has_points_and_reasons",
            )
        ]

    def __str__(self) -> str:
        return f"{self.turn}"

    def get_absolute_url(self) -> str:
        consortium = self.turn.station.practical.consortium
        return reverse("scoresheets:turn_detail", args=[consortium, self.turn_id])


class Decided(models.Model):
    """What an arbitration gives for one criterion."""

    arbitration = models.ForeignKey(Arbitration, on_delete=models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(
        "practicals.Criterion", on_delete=models.PROTECT, related_name="+"
    )
    points = models.DecimalField(_("points scored"), max_digits=5, decimal_places=2)
    passed = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("decided mark")
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["arbitration", "criterion"], name="a_criterion_is_decided_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class Correction(models.Model):
    """The result of a turn is another than sheets or arbitration say. The last one counts."""

    turn = models.ForeignKey(
        "practicals.Turn", on_delete=models.PROTECT, related_name="corrections"
    )
    points = models.DecimalField(_("points of 100"), max_digits=5, decimal_places=2)
    failed = models.BooleanField(_("a critical point failed"), default=False)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("correction of a turn")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=100), name="a_corrected_turn_is_of_100"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_corrected_turn_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.turn}: {self.points}"
