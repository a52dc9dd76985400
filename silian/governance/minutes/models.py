from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Minutes(models.Model):
    """What happened in one meeting, from the first draft to the sealed PDF.

    Once sealed, neither these rows nor the file behind them change any more.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being drafted")
        CIRCULATED = "circulated", _("Being circulated")
        APPROVED = "approved", _("Approved")
        SEALED = "sealed", _("Sealed")

    MOVES = {
        State.DRAFT: {State.CIRCULATED},
        State.CIRCULATED: {State.DRAFT, State.APPROVED},
        State.APPROVED: {State.SEALED, State.DRAFT},
    }
    STATE_COLOURS = {
        State.DRAFT: "azure",
        State.CIRCULATED: "yellow",
        State.APPROVED: "blue",
        State.SEALED: "green",
    }

    class Language(models.TextChoices):
        CHINESE = "zh", _("Chinese")
        ENGLISH = "en", _("English")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="minutes"
    )
    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.PROTECT, related_name="written_minutes"
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.CHINESE
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    objections_until = models.DateField(_("objections until"), null=True, blank=True)
    approving_motion = models.ForeignKey(  # where a later meeting approved them
        "motions.Motion",
        verbose_name=_("approved by the motion"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    pdf = models.ForeignKey(  # its SHA-256 stands on its row
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed_at = models.DateTimeField(_("sealed"), null=True, blank=True)

    class Meta:
        verbose_name = _("minutes")
        ordering = ["-meeting__starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sealed")
                | Q(pdf__isnull=False, sealed_at__isnull=False, approved_on__isnull=False),
                name="sealed_minutes_have_their_file",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "sealed"]) | Q(approved_on__isnull=False),
                name="approved_minutes_say_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="circulated") | Q(objections_until__isnull=False),
                name="circulated_minutes_have_a_deadline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}"

    def get_absolute_url(self) -> str:
        return reverse("minutes:minutes_detail", args=[self.consortium, self.pk])


class Version(models.Model):
    """One version of the text, in Markdown. Versions are added, never changed."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("version")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "number"], name="one_version_of_minutes_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.minutes} {self.number}"


class Approver(models.Model):
    """Somebody who has to approve the minutes: the chair, or who else the secretariat names."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="approvers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(  # the one that was approved; a later one asks again
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "user"], name="an_approver_is_named_once"),
            models.CheckConstraint(
                condition=Q(version=None, approved_at=None)
                | Q(version__isnull=False, approved_at__isnull=False),
                name="an_approval_is_of_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class Objection(models.Model):
    """What an attendee holds against the circulated text, and what the secretariat answers."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="objections")
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("objection"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="an_answer_is_somebodys",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
