from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Poll(models.Model):
    """One secret vote: questions, a roll fixed when it opens, an urn, and afterwards a board."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        OPEN = "open", _("Voting")
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
    page = models.CharField(max_length=300, blank=True)  # the address of what it decides

    class Meta:
        verbose_name = _("secret ballot")
        verbose_name_plural = _("secret ballots")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="open") | Q(opens_at__isnull=False, closes_at__gt=F("opens_at")),
                name="open_polls_have_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The board once there is one, the paper until then."""
        name = "board" if self.state == self.State.CLOSED else "ballot"
        return reverse(f"ballots:{name}", args=[self.consortium, self.pk])

    @property
    def takes_ballots(self) -> bool:
        """Is it open, and are these its hours by the server's clock?"""
        if self.state != self.State.OPEN or self.opens_at is None or self.closes_at is None:
            return False
        return self.opens_at <= clock.now() < self.closes_at

    @property
    def is_over(self) -> bool:
        """Has the time to vote passed?"""
        return self.closes_at is not None and clock.now() >= self.closes_at


class Urn(models.Model):
    """The ballots of an open poll: one cell, all slips by code, encrypted.

    No row, no column and no time belongs to a single ballot. The row is deleted when the board is
    published, and what PostgreSQL still keeps of it is swept away (docs/elections.md).
    """

    poll = models.OneToOneField(Poll, on_delete=models.CASCADE)
    slips = models.BinaryField()
    key = models.BinaryField()  # what opens ``slips``, itself encrypted

    class Meta:
        verbose_name = _("urn")

    def __str__(self) -> str:
        return f"{self.poll}"


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
    """No paper may favour more options than this; one that does is not taken."""

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "order"], name="one_question_a_place"),
            models.CheckConstraint(condition=Q(most__gte=1), name="a_paper_may_favour_somebody"),
        ]

    def __str__(self) -> str:
        return self.text


class Option(models.Model):
    """What can be chosen."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    order = models.PositiveSmallIntegerField(default=1)
    label_zh = models.CharField(max_length=300)
    label_en = models.CharField(max_length=300, blank=True)
    label = Bilingual()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "order"], name="one_option_a_place")
        ]

    def __str__(self) -> str:
        return self.label


class Voter(models.Model):
    """One unit on the roll. That it has voted is known; when and how is not.

    Its own people vote for it, or the one ``user`` where only that person may. Where it has given
    its vote by proxy, the people of ``proxy`` (or ``proxy_user`` alone) may hand its ballot in too;
    the first ballot counts.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="voters")
    organisation = models.ForeignKey(
        "members.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(  # where one person alone may vote for the unit
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proxy = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proxy_user = models.ForeignKey(
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
            models.CheckConstraint(condition=Q(votes__range=(1, 20)), name="a_voter_has_a_vote"),
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
    choices = models.JSONField()  # {question's order: {option's order: "for" …}}, every option

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "code"], name="one_slip_a_code"),
        ]

    def __str__(self) -> str:
        return self.code
