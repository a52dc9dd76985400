from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


class Round(models.Model):
    """One placement round of a consortium: students wish, enterprises rank, the engine matches."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        WISHING = "wishing", _("Students state wishes")
        RANKING = "ranking", _("Enterprises rank applicants")
        RUNNING = "running", _("Being computed")
        COMPUTED = "computed", _("Computed, not published")
        PUBLISHED = "published", _("Published")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        State.PREPARED: {State.WISHING, State.CANCELLED},
        State.WISHING: {State.RANKING, State.CANCELLED},
        State.RANKING: {State.RUNNING, State.WISHING, State.CANCELLED},
        State.RUNNING: {State.COMPUTED, State.RANKING},
        State.COMPUTED: {State.PUBLISHED, State.RANKING},
    }

    class Rule(models.TextChoices):
        """Who comes first at a position; equals are ordered by the published seed."""

        RANKING = "ranking", _("The enterprise's ranking, then points")
        POINTS = "points", _("Points alone")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="rounds"
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=[
            ("employment", _("Employment")),
            ("internship", _("Internship")),
            ("apprenticeship", _("Apprenticeship")),
            ("order_class", _("Order class")),
            ("field_engineer", _("Field engineer")),
        ],
    )
    rule = models.CharField(_("priority"), max_length=10, choices=Rule, default=Rule.RANKING)
    max_wishes = models.PositiveSmallIntegerField(_("wishes a student may state"), default=10)
    graduates = models.PositiveSmallIntegerField(_("year of graduation"), null=True, blank=True)
    wishes_from = models.DateTimeField(_("wishes from"))
    wishes_until = models.DateTimeField(_("wishes until"))
    ranking_until = models.DateTimeField(_("ranking until"))
    confirm_until = models.DateTimeField(_("confirmation until"))
    seed = models.CharField(_("seed for ties"), max_length=64)  # published before wishes open
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-wishes_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    wishes_until__gt=F("wishes_from"),
                    ranking_until__gte=F("wishes_until"),
                    confirm_until__gt=F("ranking_until"),
                ),
                name="a_round_keeps_its_order",
            ),
            models.CheckConstraint(
                condition=Q(max_wishes__range=(1, 100)), name="wishes_are_1_to_100"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Seat(models.Model):
    """A position in a round, with the number of students it may receive there."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="seats")
    position = models.ForeignKey("demand.Position", on_delete=models.PROTECT, related_name="seats")
    quota = models.PositiveIntegerField(_("quota"))
    ranking_done = models.BooleanField(_("ranking handed in"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="a_position_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class Wish(models.Model):
    """A student's n-th choice in a round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="wishes")
    student = models.ForeignKey("profiles.Student", on_delete=models.PROTECT, related_name="wishes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="wishes")
    order = models.PositiveSmallIntegerField(_("choice"))  # 1 is the dearest
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)  # by the employer, 1 first
    refused = models.BooleanField(_("not suitable"), default=False)  # the employer will not take

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "round", "order"],
                name="one_wish_per_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["student", "seat"], name="a_seat_is_wished_once"),
            models.UniqueConstraint(
                fields=["seat", "rank"],
                name="one_wish_per_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(refused=False) | Q(rank=None), name="refused_wishes_have_no_rank"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.seat}"


class Run(models.Model):
    """One computation of a round: what went in, what came out, how long each stage took."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="runs")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)  # counts and seconds by stage

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.round} {self.at:%Y-%m-%d %H:%M}"


class Placement(models.Model):
    """A seat given to a student by a round; it stands once both sides have confirmed it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Not yet published")
        OFFERED = "offered", _("Awaiting confirmation")
        ACCEPTED = "accepted", _("Accepted by the student")
        CONFIRMED = "confirmed", _("Confirmed by both sides")
        DECLINED = "declined", _("Declined by the student")
        WITHDRAWN = "withdrawn", _("Withdrawn by the employer")
        LAPSED = "lapsed", _("Lapsed")

    MOVES = {
        State.PROPOSED: {State.OFFERED},
        State.OFFERED: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN, State.LAPSED},
        State.ACCEPTED: {State.CONFIRMED, State.DECLINED, State.WITHDRAWN, State.LAPSED},
    }

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="placements")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="placements")
    student = models.ForeignKey(
        "profiles.Student", on_delete=models.PROTECT, related_name="placements"
    )
    wish = models.OneToOneField(Wish, on_delete=models.PROTECT, related_name="placement")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="placements")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "student"], name="one_placement_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.student}: {self.seat}"
