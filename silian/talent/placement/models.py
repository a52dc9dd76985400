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
    """What a run made of one part of a seat, and the last one admitted there: the cutoff.

    A seat's parts are its reserves and what is open to all, where ``reserve`` is None.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outcomes", db_index=False)
    seat = models.ForeignKey("rounds.Seat", on_delete=models.CASCADE, related_name="outcomes")
    reserve = models.ForeignKey(
        "criteria.Reserve", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    quota = models.PositiveIntegerField()
    applicants = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    # The last one admitted, where the seat is full
    last_rank = models.PositiveIntegerField(null=True)
    last_points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    last_draw = models.PositiveIntegerField(null=True)
    last_outside = models.BooleanField(default=False)  # a reserve that its group did not fill

    class Meta:
        ordering = ["seat", models.F("reserve").asc(nulls_last=True)]
        indexes = [
            models.Index(
                fields=["reserve"],
                condition=models.Q(reserve__isnull=False),
                name="outcomes_of_reserves",
            )
        ]  # a run's rows are found by the constraint below
        constraints = [
            models.UniqueConstraint(
                fields=["run", "seat", "reserve"],
                name="one_outcome_per_part",
                nulls_distinct=False,
            ),
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

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="grants", db_index=False)
    wish = models.ForeignKey("wishes.Wish", on_delete=models.PROTECT, related_name="grants")
    reserve = models.ForeignKey(
        "criteria.Reserve", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # through which part of the seat

    class Meta:
        indexes = [
            models.Index(
                fields=["reserve"],
                condition=models.Q(reserve__isnull=False),
                name="grants_through_reserves",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "wish"], name="a_wish_is_granted_once")
        ]

    def __str__(self) -> str:
        return f"{self.wish}"


class Placement(models.Model):
    """A seat that a published round gives a student; it stands once both sides confirm it.

    It comes from the run, from a place that became free, or from the secretariat by hand.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Awaiting the student")
        ACCEPTED = "accepted", _("Accepted by the student")
        CONFIRMED = "confirmed", _("Confirmed by both sides")
        DECLINED = "declined", _("Declined by the student")
        WITHDRAWN = "withdrawn", _("Withdrawn by the employer")
        LAPSED = "lapsed", _("Lapsed")
        MOVED = "moved", _("Given up for another place")

    MOVES = {
        State.OFFERED: {
            State.ACCEPTED,
            State.DECLINED,
            State.WITHDRAWN,
            State.LAPSED,
            State.MOVED,
        },
        State.ACCEPTED: {
            State.CONFIRMED,
            State.DECLINED,
            State.WITHDRAWN,
            State.LAPSED,
            State.MOVED,
        },
        State.CONFIRMED: {State.DECLINED, State.WITHDRAWN, State.MOVED},
    }
    STANDING = (State.OFFERED, State.ACCEPTED, State.CONFIRMED)
    STATE_COLOURS = {
        "offered": "blue",
        "accepted": "azure",
        "confirmed": "green",
        "declined": "secondary",
        "withdrawn": "orange",
        "lapsed": "secondary",
        "moved": "secondary",
    }

    class Origin(models.TextChoices):
        RUN = "run", _("Computed")
        REPLACEMENT = "replacement", _("Replacement")
        BY_HAND = "by_hand", _("By decision of the secretariat")

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="placements")
    student = models.ForeignKey(
        "profiles.Student", on_delete=models.PROTECT, related_name="placements"
    )
    wish = models.OneToOneField(
        "wishes.Wish", null=True, on_delete=models.PROTECT, related_name="placement"
    )  # None: given by hand to somebody who did not wish for it
    seat = models.ForeignKey("rounds.Seat", on_delete=models.PROTECT, related_name="placements")
    reserve = models.ForeignKey(
        "criteria.Reserve", null=True, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.CharField(_("origin"), max_length=11, choices=Origin, default=Origin.RUN)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OFFERED)
    answer_until = models.DateTimeField(_("answer until"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("placement")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "student"],
                condition=models.Q(state__in=["accepted", "confirmed"]),
                name="one_placement_a_round",
            ),
            models.UniqueConstraint(
                fields=["round", "student"],
                condition=models.Q(state="offered"),
                name="one_offer_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(wish__isnull=False) | models.Q(origin="by_hand"),
                name="only_by_hand_without_a_wish",
            ),
        ]
        indexes = [models.Index(fields=["seat", "state"], name="places_taken")]

    def __str__(self) -> str:
        return f"{self.student}: {self.seat}"


class Decision(models.Model):
    """What the secretariat decided by hand after a result: kept, and shown beside the result.

    The reason is public, and the student appears by code; so the reason names nobody.
    """

    class Kind(models.TextChoices):
        GIVE = "give", _("A place was given")
        MOVE = "move", _("Moved to another place")
        END = "end", _("A place was ended")

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="decisions")
    student = models.ForeignKey("profiles.Student", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("decision"), max_length=10, choices=Kind)
    ended = models.ForeignKey(Placement, null=True, on_delete=models.PROTECT, related_name="+")
    given = models.ForeignKey(Placement, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("decision by hand")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="decisions_have_a_reason"),
            models.CheckConstraint(
                condition=models.Q(kind="give", ended=None, given__isnull=False)
                | models.Q(kind="move", ended__isnull=False, given__isnull=False)
                | models.Q(kind="end", ended__isnull=False, given=None),
                name="decisions_say_what_they_do",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"
