from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


class Phase(models.Model):
    """A term or phase of a cohort, with what is learned in it."""

    cohort = models.ForeignKey("cohorts.Cohort", on_delete=models.CASCADE, related_name="phases")
    order = models.PositiveSmallIntegerField(_("order"))
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    title = Bilingual()
    goals_zh = models.TextField(_("learning goals in Chinese"), blank=True)
    goals_en = models.TextField(_("learning goals in English"), blank=True)
    goals = Bilingual()
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        verbose_name = _("phase")
        ordering = ["cohort", "order"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "order"], name="one_phase_an_order"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="phases_end_after_they_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Lesson(models.Model):
    """A unit of a standard that a phase teaches, at the school or at the firm."""

    class Where(models.TextChoices):
        SCHOOL = "school", _("School")
        ENTERPRISE = "enterprise", _("Enterprise")

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="lessons")
    unit = models.ForeignKey(
        "standards.Unit",
        verbose_name=_("unit of a standard"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    where = models.CharField(_("taught at"), max_length=10, choices=Where)
    hours = models.PositiveSmallIntegerField(_("hours"))

    class Meta:
        verbose_name = _("lesson")
        ordering = ["phase", "unit__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "unit", "where"], name="a_unit_once_a_phase_and_place"
            ),
            models.CheckConstraint(condition=Q(hours__gte=1), name="a_lesson_takes_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}"


class Group(models.Model):
    """Learners of a cohort that rotate together."""

    cohort = models.ForeignKey("cohorts.Cohort", on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        verbose_name = _("group")
        ordering = ["cohort", "name"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "name"], name="a_group_is_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """The one group of a learner."""

    learner = models.OneToOneField(
        "cohorts.Learner", on_delete=models.CASCADE, related_name="membership"
    )
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")

    class Meta:
        ordering = ["learner__number"]

    def __str__(self) -> str:
        return f"{self.group}: {self.learner}"


class Capacity(models.Model):
    """How many a firm takes at a time in one phase, and at which posts."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="capacities")
    firm = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("enterprise"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    places = models.PositiveSmallIntegerField(_("places at a time"))
    posts = models.CharField(_("posts"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("places of an enterprise")
        ordering = ["phase", "firm"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "firm"], name="a_firm_states_places_once")
        ]

    def __str__(self) -> str:
        return f"{self.firm}: {self.places}"


class Stay(models.Model):
    """A group is at one place from one day to another, and never at two at once."""

    group = models.ForeignKey(
        Group, verbose_name=_("group"), on_delete=models.CASCADE, related_name="stays"
    )
    phase = models.ForeignKey(
        Phase, verbose_name=_("phase"), on_delete=models.CASCADE, related_name="stays"
    )
    site = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("where"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    place = models.CharField(_("workshop or room"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("stay")
        ordering = ["starts_on", "group"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="stays_end_after_they_start"
            ),
            ExclusionConstraint(
                name="a_group_is_at_one_place_at_a_time",
                violation_error_message=_("This group is at another place on one of these days."),
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.site}"
