from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Charter, Matter, Organ
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class MotionQuerySet(models.QuerySet["Motion"]):
    def by_correspondence(self) -> "MotionQuerySet":
        return self.filter(item=None)

    def being_voted(self) -> "MotionQuerySet":
        return self.filter(state=Motion.State.VOTING)


class Motion(models.Model):
    """What an organ is asked to decide: in a meeting under an item, or by correspondence.

    An amendment is a motion that changes the text of another; it is voted on before that one.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        VOTING = "voting", _("Being voted on")
        CARRIED = "carried", _("Carried")
        LOST = "lost", _("Not carried")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        State.PROPOSED: {State.VOTING, State.WITHDRAWN},
        State.VOTING: {State.CARRIED, State.LOST, State.PROPOSED},  # back: the vote is called off
    }
    DECIDED = (State.CARRIED, State.LOST)
    STATE_COLOURS = {
        State.PROPOSED: "azure",
        State.VOTING: "yellow",
        State.CARRIED: "green",
        State.LOST: "red",
    }

    class Way(models.TextChoices):
        """How it is voted on."""

        EACH = "each", _("Openly, each unit by itself")
        HANDS = "hands", _("Openly, by show of hands")
        BALLOT = "ballot", _("By secret ballot")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="motions"
    )
    item = models.ForeignKey(  # none: by correspondence
        "meetings.Item",
        verbose_name=_("agenda item"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="motions",
    )
    organ = models.CharField(_("organ"), max_length=20, choices=Organ, blank=True)
    charter = models.ForeignKey(  # whose rules count; fixed when it is put to the vote
        Charter, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    # the text as it stands now; each text that has stood is a Wording
    text_zh = models.TextField(_("text in Chinese"))
    text_en = models.TextField(_("text in English"), blank=True)
    text = Bilingual()
    matter = models.CharField(_("matter"), max_length=20, choices=Matter, default=Matter.ORDINARY)
    mover = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("moved by the unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    mover_name = models.CharField(_("moved by"), max_length=100, blank=True)
    seconder = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("seconded by the unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    secret_asked = models.BooleanField(_("a secret ballot was asked for"), default=False)
    amends = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    amends_wording = models.ForeignKey(  # the text that its own is compared with
        "Wording", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    way = models.CharField(_("way of voting"), max_length=10, choices=Way, blank=True)
    poll = models.OneToOneField(
        "ballots.Poll", null=True, blank=True, on_delete=models.PROTECT, related_name="motion"
    )
    proposed_at = models.DateTimeField(_("proposed"), default=clock.now)
    opened_at = models.DateTimeField(_("put to the vote"), null=True, blank=True)
    closes_at = models.DateTimeField(_("answers are due"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # what the vote came to, and the whole working: rule, inputs, result
    eligible = models.PositiveIntegerField(_("entitled"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True)
    in_favour = models.PositiveIntegerField(_("in favour"), null=True, blank=True)
    against = models.PositiveIntegerField(_("against"), null=True, blank=True)
    abstaining = models.PositiveIntegerField(_("abstaining"), null=True, blank=True)
    decision = models.JSONField(null=True, blank=True)

    objects = MotionQuerySet.as_manager()

    class Meta:
        verbose_name = _("motion")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False) | ~Q(organ=""),
                name="correspondence_is_of_an_organ",
            ),
            models.CheckConstraint(
                condition=~Q(state="voting", item=None) | Q(closes_at__gt=F("opened_at")),
                name="correspondence_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "withdrawn"])
                | (Q(opened_at__isnull=False) & ~Q(way="")),
                name="a_vote_says_how_and_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="voting", way="ballot") | Q(poll__isnull=False),
                name="a_secret_vote_has_a_ballot",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["carried", "lost"],
                    decided_at__isnull=False,
                    decision__isnull=False,
                    eligible__isnull=False,
                    present__gte=F("in_favour") + F("against") + F("abstaining"),
                )
                | (~Q(state__in=["carried", "lost"]) & Q(decision__isnull=True, decided_at=None)),
                name="what_is_decided_has_its_working",
            ),
            models.CheckConstraint(
                condition=Q(amends=None, amends_wording=None)
                | Q(amends__isnull=False, amends_wording__isnull=False),
                name="an_amendment_knows_what_it_changes",
            ),
            models.CheckConstraint(
                condition=Q(amends=None) | ~Q(amends=F("pk")), name="no_motion_amends_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("motions:motion_detail", args=[self.consortium, self.pk])

    @property
    def by_correspondence(self) -> bool:
        return self.item_id is None

    @property
    def is_decided(self) -> bool:
        return self.state in self.DECIDED


class Wording(models.Model):
    """One text that a motion has had. Texts are added, never changed."""

    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    text_zh = models.TextField()
    text_en = models.TextField(blank=True)
    text = Bilingual()
    amendment = models.OneToOneField(  # the carried amendment that led to it
        Motion, null=True, blank=True, on_delete=models.PROTECT, related_name="outcome"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "number"], name="one_wording_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.motion} {self.number}"
