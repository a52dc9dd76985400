from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


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
        AGREED = "agreed", _("Agreed")
        RUNNING = "running", _("Under way")
        FINISHED = "finished", _("Finished")
        BROKEN_OFF = "broken_off", _("Broken off")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        State.PREPARED: {State.AGREED, State.CANCELLED},
        State.AGREED: {State.RUNNING, State.CANCELLED},
        State.RUNNING: {State.FINISHED, State.BROKEN_OFF},
    }
    STANDING = (State.AGREED, State.RUNNING)
    STATE_COLOURS = {
        "prepared": "azure",
        "agreed": "blue",
        "running": "green",
        "finished": "secondary",
        "broken_off": "red",
        "cancelled": "secondary",
    }

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
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.unit}"
