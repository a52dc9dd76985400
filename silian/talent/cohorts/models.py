from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

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
        SELECTING = "selecting", _("Selecting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        State.PREPARED: {State.SELECTING, State.CANCELLED},
        State.SELECTING: {State.RUNNING, State.CANCELLED},
        State.RUNNING: {State.FINISHED, State.CANCELLED},
    }
    STATE_COLOURS = {
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
    programme = models.ForeignKey(
        "programmes.Programme", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quota = models.PositiveSmallIntegerField(_("quota"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)

    class Meta:
        verbose_name = _("cohort")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quota__gte=1), name="a_cohort_has_a_place"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="cohorts_end_after_they_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Learner(models.Model):
    """A student's place in a cohort, from application to result."""

    class State(models.TextChoices):
        APPLIED = "applied", _("Applied")
        SELECTED = "selected", _("Selected")
        REFUSED = "refused", _("Not selected")
        LEFT = "left", _("Left")
        COMPLETED = "completed", _("Completed")

    MOVES = {
        State.APPLIED: {State.SELECTED, State.REFUSED, State.LEFT},
        State.SELECTED: {State.LEFT, State.COMPLETED},
    }
    STATE_COLOURS = {"applied": "blue", "selected": "green", "completed": "secondary"}

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="learners")
    student = models.ForeignKey(
        "profiles.Student", on_delete=models.PROTECT, related_name="cohort_places"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.APPLIED)

    class Meta:
        verbose_name = _("learner")
        ordering = ["cohort", "student"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "student"], name="one_place_a_cohort")
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.cohort}"
