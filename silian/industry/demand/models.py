from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


class PositionQuerySet(models.QuerySet["Position"]):
    def published(self) -> "PositionQuerySet":
        return self.filter(state=Position.State.PUBLISHED)

    def for_lists(self) -> "PositionQuerySet":
        """With the names that every list of positions shows."""
        return self.select_related("organisation", "occupation", "region", "cluster", "consortium")


class Position(models.Model):
    """A number of people that one employer needs for one kind of work (I2)."""

    class Kind(models.TextChoices):
        EMPLOYMENT = "employment", _("Employment")
        INTERNSHIP = "internship", _("Internship")
        APPRENTICESHIP = "apprenticeship", _("Apprenticeship")
        ORDER_CLASS = "order_class", _("Order class")
        FIELD_ENGINEER = "field_engineer", _("Field engineer")

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
    }
    EDITABLE = (State.DRAFT, State.RETURNED)
    NEEDED = ("occupation", "region", "starts_on", "contact_name")  # before it can be submitted
    STATE_COLOURS = {
        "submitted": "blue",
        "returned": "orange",
        "published": "green",
        "closed": "secondary",
    }

    class Education(models.IntegerChoices):
        ANY = 0, _("No requirement")
        SECONDARY = 1, _("Secondary vocational")
        COLLEGE = 2, _("Higher vocational")
        BACHELOR = 3, _("Bachelor")
        MASTER = 4, _("Master")
        DOCTOR = 5, _("Doctor")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="positions"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("employer"),
        on_delete=models.PROTECT,
        related_name="positions",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    title = Bilingual()
    occupation = models.ForeignKey(
        "codes.Code",
        verbose_name=_("occupation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cluster = models.ForeignKey(
        "consortia.Cluster",
        verbose_name=_("industry cluster"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    places = models.PositiveIntegerField(_("head count"), default=1)
    education = models.PositiveSmallIntegerField(
        _("education"), choices=Education, default=Education.ANY
    )
    pay_low = models.PositiveIntegerField(_("monthly pay from, yuan"), null=True, blank=True)
    pay_high = models.PositiveIntegerField(_("monthly pay to, yuan"), null=True, blank=True)
    region = models.ForeignKey(
        "codes.Code",
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.CharField(_("place of work"), max_length=200, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    duties_zh = models.TextField(_("duties in Chinese"), blank=True)
    duties_en = models.TextField(_("duties in English"), blank=True)
    duties = Bilingual()
    skills = models.ManyToManyField("occupations.Skill", through="SkillNeed", blank=True)
    programmes = models.ManyToManyField(
        "codes.Code", verbose_name=_("programmes that fit"), blank=True, related_name="+"
    )  # none means any
    contact_name = models.CharField(_("contact"), max_length=100, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    remark = models.CharField(_("why returned or closed"), max_length=300, blank=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="a_position_has_a_place"),
            models.CheckConstraint(
                condition=Q(pay_low=None) | Q(pay_high=None) | Q(pay_high__gte=F("pay_low")),
                name="pay_high_is_not_below_pay_low",
            ),
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
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="published_positions_have_a_time",
            ),
        ]
        indexes = [models.Index(fields=["consortium", "state"], name="position_hall")]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("demand:position_detail", args=[self.consortium, self.pk])

    def missing(self) -> list[str]:
        """Names of the fields that must be filled in before it can be submitted."""
        return [name for name in self.NEEDED if not getattr(self, name)]


class SkillNeed(models.Model):
    """One skill a position asks for, and how well it must be mastered."""

    class Level(models.IntegerChoices):
        AWARE = 1, _("Knows of it")
        GUIDED = 2, _("Can do it guided")
        ALONE = 3, _("Can do it alone")
        EXPERT = 4, _("Can teach it")

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="skill_needs")
    skill = models.ForeignKey("occupations.Skill", on_delete=models.PROTECT)
    level = models.PositiveSmallIntegerField(_("mastery"), choices=Level, default=Level.GUIDED)

    class Meta:
        ordering = ["-level", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["position", "skill"], name="a_skill_is_asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.skill} ({self.get_level_display()})"
