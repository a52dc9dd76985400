from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.industry.demand.work import (
    NEEDED_OF,
    PAY_IN_ORDER,
    AskedSkill,
    Work,
    states_what_its_kind_needs,
)
from silian.kernel import clock


class Rhythm(models.Model):
    """How many days after its last confirmation a position is asked about, lowered and closed."""

    consortium = models.OneToOneField(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="rhythm"
    )
    ask_after = models.PositiveSmallIntegerField(_("asked again after, days"), default=30)
    lower_after = models.PositiveSmallIntegerField(_("lowered after, days"), default=45)
    close_after = models.PositiveSmallIntegerField(_("closed after, days"), default=60)

    class Meta:
        verbose_name = _("rhythm of confirmation")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    ask_after__gte=1,
                    lower_after__gt=F("ask_after"),
                    close_after__gt=F("lower_after"),
                ),
                name="asked_then_lowered_then_closed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ask_after}/{self.lower_after}/{self.close_after}"

    @classmethod
    def of(cls, consortium: Consortium) -> "Rhythm":
        """What ``consortium`` has set, or what holds without a setting."""
        return cls.objects.filter(consortium=consortium).first() or cls(consortium=consortium)


class PositionQuerySet(models.QuerySet["Position"]):
    def published(self) -> "PositionQuerySet":
        return self.filter(state=Position.State.PUBLISHED)

    def for_lists(self) -> "PositionQuerySet":
        """With the names that every list of positions shows."""
        return self.select_related("organisation", "occupation", "region", "cluster", "consortium")

    def freshest_first(self) -> "PositionQuerySet":
        """The newest first, and below them what its employer has long not confirmed."""
        return self.order_by(F("lowered_on").desc(nulls_first=True), "-published_at", "-pk")


class Position(Work):
    """A number of people that one employer needs for one kind of work (I2).

    A published one is confirmed by its employer now and then. Asked (``asked_on``) and not
    answered it is lowered in lists (``lowered_on``), then closed (``lapsed_on``).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Awaiting review")
        RETURNED = "returned", _("Returned for changes")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    MOVES = {
        State.DRAFT: {State.SUBMITTED, State.CLOSED},
        State.SUBMITTED: {State.PUBLISHED, State.RETURNED, State.DRAFT},
        State.RETURNED: {State.SUBMITTED, State.CLOSED},
        State.PUBLISHED: {State.CLOSED},
        State.CLOSED: {State.PUBLISHED},  # only what lapsed; policy.may_reopen
    }
    EDITABLE = (State.DRAFT, State.RETURNED)
    NEEDED = ("occupation", "region", "starts_on", "contact_name")  # before it can be submitted
    STATE_COLOURS = {
        "submitted": "blue",
        "returned": "orange",
        "published": "green",
        "closed": "secondary",
    }

    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("employer"),
        on_delete=models.PROTECT,
        related_name="positions",
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    open_until = models.DateField(_("open until"), null=True, blank=True)  # for those who ask
    skills = models.ManyToManyField("occupations.Skill", through="SkillNeed", blank=True)
    contact_name = models.CharField(_("contact"), max_length=100, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    remark = models.CharField(_("why returned or closed"), max_length=300, blank=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    copy_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)
    asked_on = models.DateField(_("asked again"), null=True, blank=True)
    lowered_on = models.DateField(_("unconfirmed since"), null=True, blank=True)
    lapsed_on = models.DateField(_("closed unconfirmed"), null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="a_position_has_a_place"),
            models.CheckConstraint(condition=PAY_IN_ORDER, name="pay_high_is_not_below_pay_low"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="a_position_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned", "closed"])
                | Q(occupation__isnull=False, region__isnull=False, starts_on__isnull=False),
                name="only_drafts_are_incomplete",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned", "closed"])
                | states_what_its_kind_needs(),
                name="each_kind_states_what_it_needs",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_at__isnull=False, confirmed_on__isnull=False),
                name="published_positions_have_a_time",
            ),
            models.CheckConstraint(
                condition=Q(asked_on=None) | Q(state="published"), name="only_published_are_asked"
            ),
            models.CheckConstraint(
                condition=Q(lowered_on=None)
                | Q(asked_on__isnull=False, lowered_on__gt=F("asked_on")),
                name="nothing_is_lowered_unasked",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_on=None) | Q(state="closed"), name="what_lapsed_is_closed"
            ),
        ]
        indexes = [models.Index(fields=["consortium", "state"], name="position_hall")]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("demand:position_detail", args=[self.consortium, self.pk])

    @property
    def needed(self) -> tuple[str, ...]:
        """Names of the fields that must be filled in before it can be submitted."""
        return (*self.NEEDED, *NEEDED_OF.get(self.kind, ()))

    def missing(self) -> list[str]:
        """Those of them that are empty."""
        return [name for name in self.needed if not self._has(name)]

    def _has(self, name: str) -> bool:
        return self.programmes.exists() if name == "programmes" else bool(getattr(self, name))

    @property
    def last_day(self) -> date | None:
        """The day after which nobody can ask for it any more; None: as long as it is confirmed."""
        return self.open_until or self.ends_on

    def valid_through(self, rhythm: Rhythm) -> date:
        """The day until which it stands if nobody does anything."""
        confirmed = self.confirmed_on or clock.today()
        unconfirmed = confirmed + timedelta(days=rhythm.close_after)
        return min(unconfirmed, self.last_day or unconfirmed)

    @property
    def is_over(self) -> bool:
        return self.last_day is not None and self.last_day < clock.today()


class SkillNeed(AskedSkill):
    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="skill_needs")

    class Meta(AskedSkill.Meta):
        constraints = [
            models.UniqueConstraint(fields=["position", "skill"], name="a_skill_is_asked_once")
        ]
