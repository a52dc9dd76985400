from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Session
from silian.education.enrolments.models import Enrolment

SCORES = [(5, _("Very good")), (4, _("Good")), (3, _("Fair")), (2, _("Poor")), (1, _("Bad"))]
ASKED = "content teaching materials arrangement overall".split()


class Filled(models.Model):
    """That somebody has filled in the form: not when, and not what.

    Keys are drawn at random, here and below, so that their order says nothing either.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="filled")

    class Meta:
        verbose_name = _("satisfaction form filled in")

    def __str__(self) -> str:
        return str(self.enrolment)


class Answer(models.Model):
    """What somebody in a session thinks of it; nothing here says who."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="answers")
    content = models.PositiveSmallIntegerField(_("content of the course"), choices=SCORES)
    teaching = models.PositiveSmallIntegerField(_("teaching"), choices=SCORES)
    materials = models.PositiveSmallIntegerField(_("materials and equipment"), choices=SCORES)
    arrangement = models.PositiveSmallIntegerField(_("arrangement and place"), choices=SCORES)
    overall = models.PositiveSmallIntegerField(_("overall"), choices=SCORES)
    remark = models.TextField(_("what could be better"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("answer")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(*((f"{name}__range", (1, 5)) for name in ASKED)),
                name="answers_are_from_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.overall}"
