from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Course
from silian.kernel import clock


class Pool(models.Model):
    """All that is asked for on one skill, or on one occupation where no skill is named."""

    class State(models.TextChoices):
        OPEN = "open", _("Looking for somebody to teach")
        TAKEN = "taken", _("A course is being prepared")
        ANSWERED = "answered", _("Answered with a course")
        CLOSED = "closed", _("No longer asked for")

    MOVES = {
        State.OPEN: {State.TAKEN, State.ANSWERED, State.CLOSED},
        State.TAKEN: {State.OPEN, State.ANSWERED, State.CLOSED},
        State.CLOSED: {State.OPEN},
    }
    LIVE = (State.OPEN, State.TAKEN)
    STATE_COLOURS = {"open": "yellow", "taken": "blue", "answered": "green"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="training_pools"
    )
    skill = models.ForeignKey(
        "occupations.Skill",
        verbose_name=_("skill"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    occupation = models.ForeignKey(
        "codes.Code",
        verbose_name=_("occupation"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_by = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("prepared by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    course = models.ForeignKey(
        Course, verbose_name=_("course"), null=True, on_delete=models.PROTECT, related_name="pools"
    )
    begun_at = models.DateTimeField(_("first asked for"), default=clock.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = _("pooled request")
        verbose_name_plural = _("pooled requests")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(skill__isnull=False, occupation=None)
                | Q(skill=None, occupation__isnull=False),
                name="a_pool_is_on_one_thing",
            ),
            models.UniqueConstraint(
                fields=["consortium", "skill", "occupation"],
                condition=Q(state__in=["open", "taken"]),
                name="like_requests_are_in_one_pool",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(taken_by__isnull=False),
                name="a_taken_pool_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(course__isnull=False),
                name="an_answered_pool_has_a_course",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("needs:pool_detail", args=[self.consortium, self.pk])

    @property
    def title_zh(self) -> str:
        subject = self.skill or self.occupation
        return subject.name_zh if subject else ""

    @property
    def title_en(self) -> str:
        subject = self.skill or self.occupation
        return (subject.name_en or subject.name_zh) if subject else ""

    @property
    def title(self) -> str:
        subject = self.skill or self.occupation
        return subject.name if subject else ""


class Need(models.Model):
    """What one person or firm asks for, as a part of a pool."""

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="needs")
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("organisation"),
        null=True,  # a person
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_needs",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="training_needs"
    )
    people = models.PositiveSmallIntegerField(_("number of people"), default=1)
    wanted_by = models.DateField(_("wanted by"), null=True, blank=True)
    note = models.CharField(_("what matters to us"), max_length=500, blank=True)
    at = models.DateTimeField(_("asked on"), default=clock.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("training request")
        verbose_name_plural = _("training requests")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=1), name="a_need_is_for_somebody"),
            models.UniqueConstraint(
                fields=["pool", "by", "organisation"],
                condition=Q(withdrawn_at=None),
                name="one_request_a_pool_and_asker",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool}, {self.organisation or _('a person')}"
