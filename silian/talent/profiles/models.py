from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.codes.checks import validate_student_number
from silian.kernel.persons.models import Person
from silian.kernel.persons.naming import NameField


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
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
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
    number = models.CharField(
        _("student number"), max_length=30, validators=[validate_student_number]
    )
    name = NameField(_("full name"), max_length=100)
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
        return self.name or str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("profiles:student_detail", args=[self.school_id, self.pk])


class Doubt(models.Model):
    """A school entered somebody with the identity number of a person who is known elsewhere and
    cannot be taken for them: by another name, or with another account.

    The school sees its own student, and nothing of this; the system administrator compares.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be compared")
        TOGETHER = "together", _("One person")
        APART = "apart", _("Two people")

    MOVES = {State.OPEN: {State.TOGETHER, State.APART}}
    STATE_COLOURS = {"open": "yellow", "together": "green"}

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="doubts")
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = _("persons to be compared")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="open"), name="a_person_is_in_doubt_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(reason=""), name="a_comparison_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} / {self.holder}"
