from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.education.questions.schema import Difficulty, Level
from silian.kernel import clock


class Arrival(models.Model):
    """A file of another program: what was found in it, and whether it was taken."""

    class State(models.TextChoices):
        READ = "read", _("Read")
        TAKEN = "taken", _("Taken into the bank")

    MOVES = {State.READ: {State.TAKEN}}
    STATE_COLOURS = {"read": "blue", "taken": "green"}

    bank = models.ForeignKey(
        "banks.Bank",
        verbose_name=_("item bank"),
        on_delete=models.CASCADE,
        related_name="arrivals",
    )
    name = models.CharField(_("file"), max_length=200)
    format = models.CharField(_("format"), max_length=10)
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("skill level"), max_length=1, choices=Level)
    difficulty = models.PositiveSmallIntegerField(_("difficulty"), choices=Difficulty)
    questions: Any = models.JSONField(default=list)  # emptied once they are taken
    refused: Any = models.JSONField(default=list)  # [name, reason]
    losses: Any = models.JSONField(default=list)  # [name, what was left out]
    count = models.PositiveIntegerField(_("questions that can be taken"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.READ)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("file of items")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="taken") | models.Q(questions=[]),
                name="what_was_taken_is_not_kept_twice",
            )
        ]

    def __str__(self) -> str:
        return self.name
