from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


class Poll(models.Model):
    """One secret vote: questions, a roll fixed when it opens, an urn, and afterwards a board.

    The urn is one cell: all slips so far, in the order of their codes, encrypted. So no row, no
    column and no time of a row belongs to a single ballot (docs/elections.md).
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Counted")
        VOID = "void", _("Void")

    MOVES = {
        State.PREPARED: {State.OPEN, State.VOID},
        State.OPEN: {State.CLOSED, State.VOID},
    }
    STATE_COLOURS = {State.PREPARED: "azure", State.OPEN: "green", State.VOID: "red"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="polls"
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    urn = models.BinaryField(default=b"")  # encrypted; emptied when the board is published
    key = models.BinaryField(default=b"")  # of the urn, itself encrypted; destroyed with it

    class Meta:
        verbose_name = _("secret ballot")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="open") | Q(opens_at__isnull=False, closes_at__gt=F("opens_at")),
                name="open_polls_have_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question on the paper."""

    class Kind(models.TextChoices):
        EACH = "each", _("For, against or abstain for each option")
        CHOOSE = "choose", _("Choose up to so many options")

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField(default=1)
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300, blank=True)
    text = Bilingual()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EACH)
    most = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    """No paper may favour more options than this; one that does is invalid for this question."""

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "order"], name="one_question_a_place")
        ]

    def __str__(self) -> str:
        return self.text


class Option(models.Model):
    """What can be chosen."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    order = models.PositiveSmallIntegerField(default=1)
    label_zh = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True)
    label = Bilingual()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "order"], name="one_option_a_place")
        ]

    def __str__(self) -> str:
        return self.label


class Voter(models.Model):
    """One unit on the roll. That it has voted is known; when and how is not."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="voters")
    organisation = models.ForeignKey(
        "members.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(  # where one person alone may vote for the unit
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    votes = models.PositiveSmallIntegerField(default=1)
    has_voted = models.BooleanField(default=False)
    voted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["organisation__name_zh", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "organisation"], name="a_unit_is_once_on_roll"),
            models.CheckConstraint(
                condition=Q(has_voted=False, voted_by=None)
                | Q(has_voted=True, voted_by__isnull=False),
                name="a_vote_is_cast_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"


class Slip(models.Model):
    """One ballot on the published board. All slips of a poll are written at once, by code."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="slips")
    code = models.CharField(max_length=40)
    choices = models.JSONField()  # {question key: [[option key, "for" | "against" | "abstain"]…]}

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "code"], name="one_slip_a_code"),
        ]

    def __str__(self) -> str:
        return self.code
