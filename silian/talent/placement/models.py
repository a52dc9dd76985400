from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Run(models.Model):
    """One computation of a round: what went in, what came out, how long each stage took."""

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="runs")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)  # counts and seconds by stage

    class Meta:
        verbose_name = _("computation")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.round} {self.at:%Y-%m-%d %H:%M}"


class Bundle(models.Model):
    """The archive with which anybody can repeat and check a run; students are codes in it."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE)
    archive = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.run}"


class Outcome(models.Model):
    """What a run made of one seat, and the last one admitted there: the cutoff."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outcomes")
    seat = models.ForeignKey("rounds.Seat", on_delete=models.CASCADE, related_name="outcomes")
    quota = models.PositiveIntegerField()
    applicants = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    # The last one admitted, where the seat is full
    last_rank = models.PositiveIntegerField(null=True)
    last_points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    last_draw = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(fields=["run", "seat"], name="one_outcome_per_seat"),
            models.CheckConstraint(
                condition=models.Q(filled__lte=models.F("quota")), name="a_quota_is_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.filled}/{self.quota}"

    @property
    def is_full(self) -> bool:
        return self.filled == self.quota


class Grant(models.Model):
    """The one wish that a run fulfils for a student."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="grants")
    wish = models.ForeignKey("wishes.Wish", on_delete=models.PROTECT, related_name="grants")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "wish"], name="a_wish_is_granted_once")
        ]

    def __str__(self) -> str:
        return f"{self.wish}"


class Placement(models.Model):
    """A seat that a published round gives a student; it stands once both sides confirm it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Awaiting the student")
        ACCEPTED = "accepted", _("Accepted by the student")
        CONFIRMED = "confirmed", _("Confirmed by both sides")
        DECLINED = "declined", _("Declined by the student")
        WITHDRAWN = "withdrawn", _("Withdrawn by the employer")
        LAPSED = "lapsed", _("Lapsed")

    MOVES = {
        State.OFFERED: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN, State.LAPSED},
        State.ACCEPTED: {State.CONFIRMED, State.DECLINED, State.WITHDRAWN, State.LAPSED},
    }
    STATE_COLOURS = {
        "offered": "blue",
        "accepted": "azure",
        "confirmed": "green",
        "declined": "secondary",
        "withdrawn": "orange",
        "lapsed": "secondary",
    }

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="placements")
    student = models.ForeignKey(
        "profiles.Student", on_delete=models.PROTECT, related_name="placements"
    )
    wish = models.OneToOneField("wishes.Wish", on_delete=models.PROTECT, related_name="placement")
    seat = models.ForeignKey("rounds.Seat", on_delete=models.PROTECT, related_name="placements")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OFFERED)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("placement")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "student"], name="one_placement_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.student}: {self.seat}"
