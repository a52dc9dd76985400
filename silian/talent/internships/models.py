from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock

SCHEME = {"attendance": 10, "process": 50, "result": 40}  # hundredths of the final mark


def default_scheme() -> dict[str, int]:
    return dict(SCHEME)


class InternshipQuerySet(models.QuerySet["Internship"]):
    def standing(self) -> "InternshipQuerySet":
        """Those that take up a place at their unit: agreed or under way."""
        return self.filter(state__in=Internship.STANDING)


class Internship(models.Model):
    """One student's internship at one unit, in whatever consortium it was arranged (T3)."""

    class Kind(models.TextChoices):
        """教职成〔2021〕4号 Art. 2 knows these two only."""

        OBSERVATION = "observation", _("Observation internship")  # 认识实习
        POST = "post", _("Post internship")  # 岗位实习

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        AGREED = "agreed", _("Agreed by all sides")
        RUNNING = "running", _("Under way")
        FINISHED = "finished", _("At an end")
        BROKEN_OFF = "broken_off", _("Broken off")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        State.PREPARED: {State.AGREED, State.CANCELLED},
        State.AGREED: {State.RUNNING, State.CANCELLED},
        State.RUNNING: {State.FINISHED, State.BROKEN_OFF},
    }
    STANDING = (State.AGREED, State.RUNNING)
    OVER = (State.FINISHED, State.BROKEN_OFF, State.CANCELLED)
    STATE_COLOURS = {
        "prepared": "azure",
        "agreed": "blue",
        "running": "green",
        "finished": "secondary",
        "broken_off": "red",
        "cancelled": "secondary",
    }

    class LabourGrade(models.IntegerChoices):
        """体力劳动强度分级, GBZ 2.2."""

        LIGHT = 1, _("Grade I, light")
        MEDIUM = 2, _("Grade II, medium")
        HEAVY = 3, _("Grade III, heavy")
        VERY_HEAVY = 4, _("Grade IV, very heavy")

    class PayForm(models.TextChoices):
        CURRENCY = "currency", _("Money")
        GOODS = "goods", _("Goods or vouchers")

    class PayCycle(models.TextChoices):
        DAY = "day", _("Every day")
        WEEK = "week", _("Every week")
        MONTH = "month", _("Every month")
        LONGER = "longer", _("At longer intervals")

    class Payee(models.TextChoices):
        STUDENT = "student", _("The student in person")
        OTHER = "other", _("Somebody else")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="internships"
    )
    student = models.ForeignKey(
        "profiles.Student", on_delete=models.PROTECT, related_name="internships"
    )
    unit = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="internships",
    )
    position = models.ForeignKey(
        "demand.Position", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    placement = models.OneToOneField(
        "placement.Placement", null=True, blank=True, on_delete=models.PROTECT
    )
    cohort = models.ForeignKey(
        "cohorts.Cohort", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agreement = models.OneToOneField(
        "agreements.Agreement", null=True, blank=True, on_delete=models.PROTECT
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.POST)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    post = models.CharField(_("post"), max_length=100)
    place = models.CharField(_("place of work"), max_length=200, blank=True)
    tasks = models.TextField(_("what is done and learnt"), blank=True)
    category = models.CharField(  # of 专业大类, the first two digits of a programme's code
        _("programme category of the post"), max_length=2, blank=True
    )
    post_staff = models.PositiveIntegerField(
        _("staff in posts of the same kind"), null=True, blank=True
    )
    # working time
    hours_a_day = models.DecimalField(
        _("hours a day"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    hours_a_week = models.DecimalField(
        _("hours a week"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    night_shifts = models.BooleanField(_("night shifts"), default=False)
    overtime = models.BooleanField(_("overtime"), default=False)
    rest_days = models.BooleanField(_("work on rest days and holidays"), default=False)
    exemption = models.TextField(_("special need, and where it was reported"), blank=True)
    # kind of work
    labour_grade = models.PositiveSmallIntegerField(
        _("labour intensity"), choices=LabourGrade, default=LabourGrade.LIGHT
    )
    hazardous = models.BooleanField(_("dangerous or harmful work"), default=False)
    barred_minors = models.BooleanField(_("work barred for minors"), default=False)
    barred_women = models.BooleanField(_("work barred for women"), default=False)
    agent = models.CharField(_("agency that arranged it"), max_length=100, blank=True)
    charges = models.BooleanField(
        _("the student pays a fee or deposit, or papers are held"), default=False
    )
    # pay
    independent = models.BooleanField(_("works rather independently"), default=True)
    pay = models.DecimalField(
        _("monthly pay, yuan"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    wage = models.DecimalField(
        _("wage standard of the same post, yuan"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
    )
    probation_wage = models.DecimalField(
        _("wage of the same post on probation, yuan"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
    )
    pay_form = models.CharField(
        _("paid in"), max_length=10, choices=PayForm, default=PayForm.CURRENCY
    )
    pay_cycle = models.CharField(
        _("paid how often"), max_length=10, choices=PayCycle, default=PayCycle.MONTH
    )
    payee = models.CharField(_("paid to"), max_length=10, choices=Payee, default=Payee.STUDENT)
    # people and papers
    school_mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("mentor of the school"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit_mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("mentor of the unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    guardian_name = models.CharField(_("guardian"), max_length=100, blank=True)
    guardian_email = models.EmailField(_("guardian's e-mail"), blank=True)
    insurance = models.ForeignKey(
        "safeguards.Policy",
        verbose_name=_("liability insurance"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="internships",
    )
    id_checked_on = models.DateField(_("identity card checked"), null=True, blank=True)
    id_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scheme = models.JSONField(_("weights of the assessment"), default=default_scheme)
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)

    objects = InternshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("internship")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="internships_end_after_they_start"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "running", "finished"])
                | Q(agreement__isnull=False),
                name="no_agreement_no_internship",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["observation", "post"]), name="two_kinds_of_internship"
            ),
            models.CheckConstraint(
                condition=Q(id_checked_on=None, id_checked_by=None)
                | Q(id_checked_on__isnull=False, id_checked_by__isnull=False),
                name="who_checked_the_card_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["finished", "broken_off"]) | Q(ended_on__isnull=False),
                name="what_is_over_has_a_last_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("internships:internship_detail", args=[self.consortium, self.pk])

    @property
    def code(self) -> str:
        """How it is called where the student's name is not known."""
        return f"#{self.pk}"

    @property
    def called(self) -> str:
        """The student's name where policy says ``named`` to the reader, the code otherwise."""
        return self.student.name if getattr(self, "named", False) else self.code


class Clearance(models.Model):
    """That the rules were looked at and let an internship pass, in this very transaction.

    A trigger stamps ``transaction``; another lets no internship stand without a stamp of its own
    transaction. So nothing that writes an internship can go round the rules.
    """

    internship = models.ForeignKey(Internship, on_delete=models.CASCADE, related_name="clearances")
    rules = models.JSONField(default=dict)  # id → version, of every rule that was applied
    at = models.DateTimeField(default=clock.now)
    transaction = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.internship} {self.at:%Y-%m-%d %H:%M}"


class Waiver(models.Model):
    """Why an internship may go on although it goes against a warning of rules.toml."""

    internship = models.ForeignKey(Internship, on_delete=models.CASCADE, related_name="waivers")
    rule = models.CharField(_("rule"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("reason")
        constraints = [
            models.UniqueConstraint(
                fields=["internship", "rule", "version"], name="one_reason_a_rule"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_rule_is_passed_with_reason"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("by")),
                name="a_second_person_approves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason[:60]}"
