from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Mentor(models.Model):
    """Somebody of the school or of an enterprise who looks after learners of one cohort."""

    cohort = models.ForeignKey("cohorts.Cohort", on_delete=models.CASCADE, related_name="mentors")
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(_("full name"), max_length=100)
    post = models.CharField(_("post"), max_length=100, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    fee = models.DecimalField(_("fee an hour, yuan"), max_digits=8, decimal_places=2, default=0)
    since = models.DateField(_("mentor since"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)
    learners = models.ManyToManyField("cohorts.Learner", blank=True, related_name="mentors")

    class Meta:
        verbose_name = _("mentor")
        ordering = ["cohort", "organisation", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "organisation", "name"], name="a_mentor_is_named_once_a_cohort"
            ),
            models.CheckConstraint(condition=Q(fee__gte=0), name="a_fee_is_not_negative"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="mentors_end_after_they_begin",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def of_school(self) -> bool:
        return self.organisation_id == self.cohort.school_id


class Hours(models.Model):
    """What a mentor did on a day; it counts once the other side has confirmed it."""

    class State(models.TextChoices):
        LOGGED = "logged", _("Awaiting confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        OBJECTED = "objected", _("Objected to")

    MOVES = {
        State.LOGGED: {State.CONFIRMED, State.OBJECTED},
        State.OBJECTED: {State.LOGGED},
    }
    STATE_COLOURS = {"logged": "yellow", "confirmed": "green", "objected": "red"}

    mentor = models.ForeignKey(
        Mentor, verbose_name=_("mentor"), on_delete=models.PROTECT, related_name="hours"
    )
    on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1)
    what = models.CharField(_("what was done"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.CharField(_("why it was objected to"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.LOGGED)

    class Meta:
        verbose_name = _("hours of a mentor")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24), name="a_day_has_at_most_24_hours"
            ),
            models.CheckConstraint(
                condition=~Q(state="objected") | ~Q(remark=""),
                name="an_objection_to_hours_says_why",
            ),
        ]
        indexes = [models.Index(fields=["mentor", "on"], name="hours_of_a_mentor")]

    def __str__(self) -> str:
        return f"{self.mentor}, {self.on}"
