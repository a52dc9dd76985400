from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Cohort(models.Model):
    """A class that one school and firms train together under an agreement (T4)."""

    class Kind(models.TextChoices):
        ORDER_CLASS = "order_class", _("Order class")
        FIELD_ENGINEERS = "field_engineers", _("Field-engineer class")
        APPRENTICESHIP = "apprenticeship", _("Apprenticeship class")
        COMMISSIONED = "commissioned", _("Commissioned class")
        TALENT_PROGRAMME = "talent_programme", _("Talent programme")

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        SUBMITTED = "submitted", _("Awaiting review")
        SELECTING = "selecting", _("Selecting")
        RUNNING = "running", _("In training")
        FINISHED = "finished", _("Class finished")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        State.PREPARED: {State.SUBMITTED, State.CANCELLED},
        State.SUBMITTED: {State.PREPARED, State.SELECTING, State.CANCELLED},
        State.SELECTING: {State.RUNNING, State.CANCELLED},
        State.RUNNING: {State.FINISHED, State.CANCELLED},
    }
    PUBLIC = (State.SELECTING, State.RUNNING, State.FINISHED)
    STATE_COLOURS = {
        "prepared": "azure",
        "submitted": "yellow",
        "selecting": "blue",
        "running": "green",
        "finished": "secondary",
        "cancelled": "red",
    }

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="cohorts"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    agreement = models.ForeignKey(
        "agreements.Agreement",
        verbose_name=_("agreement"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cohorts",
    )
    school = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("school"),
        on_delete=models.PROTECT,
        related_name="school_cohorts",
    )
    enterprise = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("enterprise"),
        on_delete=models.PROTECT,
        related_name="enterprise_cohorts",
    )
    partners = models.ManyToManyField(
        "members.Organisation",
        verbose_name=_("further enterprises"),
        blank=True,
        related_name="partner_cohorts",
    )
    programme = models.ForeignKey(
        "programmes.Programme",
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    class_name = models.CharField(_("class"), max_length=60, blank=True)
    tutor = models.CharField(_("tutor of the class"), max_length=100, blank=True)
    cluster = models.ForeignKey(
        "consortia.Cluster",
        verbose_name=_("industry cluster"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    about_zh = models.TextField(_("aims in Chinese"), blank=True)
    about_en = models.TextField(_("aims in English"), blank=True)
    about = Bilingual()
    quota = models.PositiveSmallIntegerField(_("planned head count"))
    open_to = models.ManyToManyField(
        "codes.Code", verbose_name=_("open to students of"), blank=True, related_name="+"
    )
    graduates = models.PositiveSmallIntegerField(_("year of graduation"), null=True, blank=True)
    apply_until = models.DateField(_("applications until"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    remark = models.CharField(_("what is to be changed"), max_length=300, blank=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)

    class Meta:
        verbose_name = _("cohort")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quota__gte=1), name="a_cohort_has_a_place"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="cohorts_end_after_they_start"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "cancelled"]) | Q(agreement__isnull=False),
                name="no_agreement_no_cohort",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cohorts:cohort_detail", args=[self.consortium, self.pk])

    @property
    def firms(self) -> list[Organisation]:
        """Every enterprise, the first one leading."""
        return [self.enterprise, *self.partners.all()]

    @property
    def is_open(self) -> bool:
        """Can students apply today?"""
        within = self.apply_until is None or clock.today() <= self.apply_until
        return self.state == self.State.SELECTING and within


class LearnerQuerySet(models.QuerySet["Learner"]):
    def placed(self) -> "LearnerQuerySet":
        """Those that take up a place."""
        return self.filter(state__in=Learner.PLACED)

    def open(self) -> "LearnerQuerySet":
        """Those about whom something is still to be decided or who learn now."""
        return self.filter(state__in=["applied", "waiting", "selected"])


class Learner(models.Model):
    """A student's place in a cohort, from application to result.

    The database lets no more than the quota be placed, however many try at once (trigger in the
    first migration).
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("Has applied")
        WAITING = "waiting", _("On the waiting list")
        SELECTED = "selected", _("Selected")
        REFUSED = "refused", _("Not selected")
        LEFT = "left", _("Left")
        COMPLETED = "completed", _("Completed")

    class Choice(models.TextChoices):
        """What the two sides have in mind for an application, until both agree."""

        TAKE = "take", _("Take")
        WAIT = "wait", _("Waiting list")
        REFUSE = "refuse", _("Do not take")

    MOVES = {
        State.APPLIED: {State.SELECTED, State.WAITING, State.REFUSED, State.LEFT},
        State.WAITING: {State.SELECTED, State.REFUSED, State.LEFT},
        State.SELECTED: {State.LEFT, State.COMPLETED},
    }
    PLACED = (State.SELECTED, State.COMPLETED)
    STATE_COLOURS = {
        "applied": "blue",
        "waiting": "yellow",
        "selected": "green",
        "completed": "secondary",
        "left": "orange",
    }

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="learners")
    student = models.ForeignKey(
        "profiles.Student", on_delete=models.PROTECT, related_name="cohort_places"
    )
    number = models.PositiveSmallIntegerField(_("number"))  # all that a firm sees without consent
    statement = models.TextField(_("why I apply"), blank=True)
    applied_at = models.DateTimeField(_("applied on"), default=clock.now)
    placement = models.OneToOneField(
        "placement.Placement", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    choice = models.CharField(_("decision"), max_length=10, choices=Choice, blank=True)
    order = models.PositiveSmallIntegerField(_("place on the waiting list"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.APPLIED)

    objects = LearnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("learner")
        ordering = ["cohort", "number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "student"], name="one_place_a_cohort"),
            models.UniqueConstraint(fields=["cohort", "number"], name="one_number_a_learner"),
            models.UniqueConstraint(
                fields=["student"], condition=Q(state="selected"), name="one_cohort_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | Q(left_on__isnull=False) & ~Q(reason=""),
                name="who_leaves_says_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort}, {self.code}"

    @property
    def code(self) -> str:
        """What stands for the student where their name may not be shown."""
        return f"C{self.cohort_id}-{self.number:02}"


class Waiver(models.Model):
    """Why a cohort may be opened although it goes against a warning of rules.toml."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="waivers")
    rule = models.CharField(_("rule"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "rule", "version"], name="one_reason_a_cohort_warning"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="a_cohort_warning_is_passed_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason[:60]}"
