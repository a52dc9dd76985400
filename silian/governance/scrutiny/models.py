from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Scrutineer(models.Model):
    """Somebody who watches the count and confirms it."""

    election = models.ForeignKey(
        "elections.Election", on_delete=models.CASCADE, related_name="scrutineers"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("scrutineer"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("scrutineer")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["election", "user"], name="a_scrutineer_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class Round(models.Model):
    """One round of voting. ``result`` is what ``verify_board.py`` reads, by question's number."""

    election = models.ForeignKey(
        "elections.Election", on_delete=models.PROTECT, related_name="rounds"
    )
    number = models.PositiveSmallIntegerField(_("round"), default=1)
    poll = models.OneToOneField("ballots.Poll", on_delete=models.PROTECT, related_name="round")
    result: Any = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("round of voting")
        ordering = ["election", "number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="one_round_a_number")
        ]

    def __str__(self) -> str:
        return _("Round %(number)s") % {"number": self.number}


class Standing(models.Model):
    """A candidate stands in a round: which option of which question of its paper that is."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="standings")
    candidate = models.ForeignKey(
        "elections.Candidate", on_delete=models.PROTECT, related_name="standings"
    )
    question = models.PositiveSmallIntegerField()
    option = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["question", "option"]
        constraints = [
            models.UniqueConstraint(fields=["round", "candidate"], name="stands_once_a_round"),
            models.UniqueConstraint(
                fields=["round", "question", "option"], name="one_candidate_an_option"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate}"


class Confirmation(models.Model):
    """A scrutineer has compared board and count: they are right, or what is wrong with them."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="confirmations")
    scrutineer = models.ForeignKey(
        Scrutineer, on_delete=models.PROTECT, related_name="confirmations"
    )
    at = models.DateTimeField(default=clock.now)
    objection = models.CharField(_("objection"), max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "scrutineer"], name="a_scrutineer_answers_once_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scrutineer}"
