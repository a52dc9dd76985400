from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Student(models.Model):
    """One person's enrolment at one school, kept by the school's office."""

    class State(models.TextChoices):
        ENROLLED = "enrolled", _("Enrolled")
        GRADUATED = "graduated", _("Graduated")
        LEFT = "left", _("Left the school")

    MOVES = {State.ENROLLED: {State.GRADUATED, State.LEFT}}
    STATE_COLOURS = {"enrolled": "green"}

    school = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("school"),
        on_delete=models.PROTECT,
        related_name="students",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="enrolments",
    )
    invitation = models.ForeignKey(
        "roles.Invitation", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    number = models.CharField(_("student number"), max_length=30)
    name = models.CharField(_("full name"), max_length=100)
    programme = models.ForeignKey(
        "codes.Code", verbose_name=_("programme"), on_delete=models.PROTECT, related_name="+"
    )
    class_name = models.CharField(_("class"), max_length=60, blank=True)
    entered = models.PositiveSmallIntegerField(_("year of entry"))
    graduates = models.PositiveSmallIntegerField(_("year of graduation"))
    points = models.DecimalField(
        _("overall points"), max_digits=5, decimal_places=2, null=True, blank=True
    )  # 0 to 100, as the school counts them
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ENROLLED)

    class Meta:
        verbose_name = _("student")
        ordering = ["school", "number"]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="one_number_per_school"),
            models.CheckConstraint(
                condition=Q(graduates__gt=models.F("entered")),
                name="students_graduate_after_they_enter",
            ),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__range=(0, 100)), name="points_are_0_to_100"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("profiles:student_detail", args=[self.school_id, self.pk])
