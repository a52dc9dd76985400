from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel.bilingual import Bilingual


class Round(models.Model):
    """One placement round of a consortium: students wish, enterprises rank, the engine matches.

    While it is RUNNING and afterwards the database refuses changes to its seats and wishes
    (triggers in the first migrations of this app and of ``wishes``).
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        WISHING = "wishing", _("Open for wishes")
        RANKING = "ranking", _("Wishes closed")  # enterprises rank, where the rule asks for it
        RUNNING = "running", _("Being computed")
        COMPUTED = "computed", _("Computed, not published")
        PUBLISHED = "published", _("Published")
        CANCELLED = "cancelled", _("Cancelled")
        REHEARSAL = "rehearsal", _("Rehearsal")  # from its making to its deletion; never public

    MOVES = {
        State.PREPARED: {State.WISHING, State.CANCELLED},
        State.WISHING: {State.RANKING, State.CANCELLED},
        State.RANKING: {State.RUNNING, State.CANCELLED},
        State.RUNNING: {State.COMPUTED, State.RANKING},
        State.COMPUTED: {State.PUBLISHED, State.RANKING},
    }
    STATE_COLOURS = {
        "wishing": "blue",
        "ranking": "azure",
        "running": "yellow",
        "computed": "orange",
        "published": "green",
        "cancelled": "red",
        "rehearsal": "purple",
    }
    ANNOUNCED = (State.WISHING, State.RANKING, State.RUNNING, State.COMPUTED, State.PUBLISHED)

    class Rule(models.TextChoices):
        """Who comes first at a position; equals are ordered by the published seed."""

        RANKING = "ranking", _("The enterprise's ranking, then points")
        POINTS = "points", _("Points alone")
        WEIGHTED = "weighted", _("Points and the enterprise's score, weighted")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="rounds"
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    kind = models.CharField(_("kind"), max_length=20, choices=Position.Kind)
    rule = models.CharField(_("priority"), max_length=10, choices=Rule, default=Rule.RANKING)
    employer_weight = models.PositiveSmallIntegerField(
        _("weight of the enterprise's score, per cent"), default=50
    )  # where the rule is WEIGHTED
    max_wishes = models.PositiveSmallIntegerField(_("wishes a student may state"), default=10)
    graduates = models.PositiveSmallIntegerField(_("year of graduation"), null=True, blank=True)
    wishes_from = models.DateTimeField(_("wishes from"))
    wishes_until = models.DateTimeField(_("wishes until"))
    ranking_until = models.DateTimeField(_("ranking until"))
    confirm_until = models.DateTimeField(_("confirmation until"))
    replace_until = models.DateTimeField(_("replacement until"), null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer a replacement offer"), default=3
    )
    follows = models.ForeignKey(
        "self",
        verbose_name=_("round before"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="next_rounds",
    )  # a second round for what that one left
    rehearses = models.ForeignKey(
        "self",
        verbose_name=_("round that is rehearsed"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="rehearsals",
    )
    seed = models.CharField(_("seed for ties"), max_length=18)  # digits; known before wishes open
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    # the job that claims a RUNNING round; without a living one the claim is void
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("placement round")
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
                condition=Q(replace_until=None) | Q(replace_until__gte=F("confirm_until")),
                name="replacement_follows_confirmation",
            ),
            models.CheckConstraint(
                condition=Q(rehearses=None) ^ Q(state="rehearsal"),
                name="a_rehearsal_stays_one",
            ),
            models.CheckConstraint(
                condition=Q(employer_weight__range=(1, 99)), name="both_sides_weigh_something"
            ),
            models.CheckConstraint(
                condition=Q(answer_days__range=(1, 30)), name="an_answer_takes_1_to_30_days"
            ),
            models.CheckConstraint(
                condition=Q(max_wishes__range=(1, 100)), name="wishes_are_1_to_100"
            ),
            models.CheckConstraint(
                condition=Q(seed__regex=r"^(0|[1-9][0-9]*)$"), name="a_seed_is_a_number"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("rounds:round_detail", args=[self.consortium, self.pk])

    @property
    def asks_employers(self) -> bool:
        """Do employers rank or score who applied?"""
        return self.rule != self.Rule.POINTS


class Seat(models.Model):
    """A position in a round, with the number of students it may receive there."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="seats")
    position = models.ForeignKey("demand.Position", on_delete=models.PROTECT, related_name="seats")
    quota = models.PositiveIntegerField(_("quota"))
    minimum = models.PositiveIntegerField(_("runs only with"), default=0)  # fewer are reported
    closed_why = models.CharField(_("why closed"), max_length=300, blank=True)
    ranking_done = models.BooleanField(_("ranking handed in"), default=False)
    version = models.PositiveIntegerField(default=0)  # of the ranking; tells two editors apart

    class Meta:
        verbose_name = _("seat")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="a_position_once_a_round"),
            models.CheckConstraint(
                condition=Q(minimum__lte=F("quota")), name="a_minimum_is_within_the_quota"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"
