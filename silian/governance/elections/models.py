from math import ceil

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Charter, Organ, Post, SeatRule
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual, in_reading_language


class Election(models.Model):
    """Posts of a council are filled by vote: nominations, review, rounds of voting, publication."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        NOMINATING = "nominating", _("Nominations open")
        LISTED = "listed", _("Candidates published")
        VOTING = "voting", _("Voting")
        DECIDED = "decided", _("Decided")
        PUBLISHED = "published", _("Result published")
        ABANDONED = "abandoned", _("Abandoned")

    MOVES = {
        State.PREPARED: {State.NOMINATING, State.ABANDONED},
        State.NOMINATING: {State.LISTED, State.ABANDONED},
        State.LISTED: {State.VOTING, State.NOMINATING, State.ABANDONED},
        State.VOTING: {State.DECIDED, State.ABANDONED},
        State.DECIDED: {State.PUBLISHED},
    }
    STATE_COLOURS = {
        State.PREPARED: "azure",
        State.NOMINATING: "blue",
        State.LISTED: "blue",
        State.VOTING: "green",
        State.DECIDED: "yellow",
        State.PUBLISHED: "green",
        State.ABANDONED: "red",
    }
    ANNOUNCED = (State.NOMINATING, State.LISTED, State.VOTING, State.DECIDED, State.PUBLISHED)
    LISTING = (State.LISTED, State.VOTING, State.DECIDED, State.PUBLISHED)

    class Order(models.TextChoices):
        """In which order candidates stand on the paper."""

        DRAW = "draw", _("by a draw from the published seed")
        NAME = "name", _("by the pinyin of their names")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="elections"
    )
    organ = models.CharField(_("who elects"), max_length=20, choices=Organ, default=Organ.ASSEMBLY)
    charter = models.ForeignKey(  # whose rules count, from the beginning to the end
        Charter, on_delete=models.PROTECT, related_name="+"
    )
    item = models.ForeignKey(
        "meetings.Item",
        verbose_name=_("agenda item"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="elections",
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    order = models.CharField(
        _("order of candidates on the paper"), max_length=10, choices=Order, default=Order.DRAW
    )
    seed = models.CharField(max_length=64, blank=True)  # of the draw; published with nominations
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    nominations_until = models.DateTimeField(_("nominations until"), null=True, blank=True)
    office_from = models.DateField(_("term of office from"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "abandoned"])
                | (Q(nominations_until__isnull=False) & ~Q(seed="")),
                name="nominations_have_an_end_and_a_seed",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_on__isnull=False),
                name="published_elections_say_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("scrutiny:election", args=[self.consortium, self.pk])

    @property
    def takes_nominations(self) -> bool:
        until = self.nominations_until
        return self.state == self.State.NOMINATING and until is not None and clock.now() < until


class Race(models.Model):
    """One post of an election: its seats, and whether more candidates than seats must stand."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="races")
    post = models.CharField(_("post"), max_length=30, choices=Post)
    category = models.CharField(
        _("kept for"), max_length=20, choices=SeatRule.Category, default=SeatRule.Category.ANY
    )
    contested = models.BooleanField(_("more candidates than seats"), default=False)
    seats = models.ManyToManyField("council.Seat", related_name="races")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "post", "category"], name="one_race_a_post_and_category"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        if self.category == SeatRule.Category.ANY:
            return str(self.get_post_display())
        return f"{self.get_post_display()} ({self.get_category_display()})"

    @property
    def candidates_needed(self) -> int:
        """How many must stand: one a seat, or as many more as the charter wants of a contest."""
        seats = len(self.seats.all())
        if not self.contested:
            return seats
        return seats + max(1, ceil(seats * self.election.charter.extra_candidates_percent / 100))


class Candidate(models.Model):
    """Somebody who is to hold a post for their unit."""

    class State(models.TextChoices):
        NOMINATED = "nominated", _("The unit has to agree")
        ACCEPTED = "accepted", _("Awaiting review")
        ADMITTED = "admitted", _("Stands for election")
        REFUSED = "refused", _("Refused")
        DECLINED = "declined", _("The unit declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        State.NOMINATED: {State.ACCEPTED, State.DECLINED},
        State.ACCEPTED: {State.ADMITTED, State.REFUSED, State.WITHDRAWN},
        State.ADMITTED: {State.REFUSED, State.WITHDRAWN},
        State.REFUSED: {State.ADMITTED},
    }
    STATE_COLOURS = {
        State.NOMINATED: "azure",
        State.ACCEPTED: "yellow",
        State.ADMITTED: "green",
        State.REFUSED: "red",
    }
    WAITING = (State.NOMINATED, State.ACCEPTED)

    race = models.ForeignKey(
        Race, verbose_name=_("post"), on_delete=models.PROTECT, related_name="candidates"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    person = models.CharField(_("name"), max_length=100)
    job = models.CharField(_("job title"), max_length=100, blank=True)
    user = models.ForeignKey(  # where the person has an account
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    statement_zh = models.TextField(_("statement in Chinese"), blank=True)
    statement_en = models.TextField(_("statement in English"), blank=True)
    statement = Bilingual()
    nominated_by = models.ForeignKey(  # None: the secretariat
        "members.Organisation",
        verbose_name=_("nominated by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NOMINATED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # of what review decided
    place = models.PositiveSmallIntegerField(_("place on the paper"), null=True, blank=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["race", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["race", "organisation", "person"],
                condition=~Q(state__in=["declined", "withdrawn"]),
                name="one_candidature_a_post",
            ),
            models.UniqueConstraint(fields=["race", "place"], name="one_candidate_a_place"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="refused_candidates_learn_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.organisation})"

    def get_absolute_url(self) -> str:
        consortium = self.race.election.consortium
        return reverse("elections:candidate_detail", args=[consortium, self.pk])

    @property
    def label_zh(self) -> str:
        unit = self.organisation
        return f"{self.person}({unit.short_name_zh or unit.name_zh})"

    @property
    def label_en(self) -> str:
        unit = self.organisation
        return f"{self.person} ({unit.short_name_en or unit.name_en or unit.name_zh})"

    @property
    def label(self) -> str:
        return in_reading_language(self.label_zh, self.label_en)
