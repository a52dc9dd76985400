from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def signed(self) -> "AgreementQuerySet":
        """Signed and not ended."""
        return self.filter(state=Agreement.State.SIGNED)

    def expiring_within(self, days: int) -> "AgreementQuerySet":
        """Signed ones whose last day comes within ``days`` or has passed, the first to go first."""
        last = clock.today() + timedelta(days=days)
        return self.signed().filter(expires_on__lte=last).order_by("expires_on", "pk")


class Agreement(models.Model):
    """What two or more parties bind themselves to within a consortium."""

    class Kind(models.TextChoices):
        FRAMEWORK = "framework", _("Framework agreement")
        INDUSTRY_COLLEGE = "industry_college", _("Industry college, built jointly")
        FIELD_ENGINEERS = "field_engineers", _("Field engineer training")
        ORDER_CLASS = "order_class", _("Order class training")
        COMMISSIONED = "commissioned", _("Commissioned training")
        APPRENTICESHIP = "apprenticeship", _("Apprenticeship training")
        STAFF_TRAINING = "staff_training", _("Staff training")
        TECHNICAL_SERVICE = "technical_service", _("Technical service")
        TRAINING_ROOM = "training_room", _("Training room, built jointly")
        ALLIANCE = "alliance", _("Alliance of many parties")

    class State(models.TextChoices):
        DRAFT = "draft", _("Being negotiated")
        SIGNED = "signed", _("Signed")
        ENDED = "ended", _("Ended")

    MOVES = {
        State.DRAFT: {State.SIGNED, State.ENDED},
        State.SIGNED: {State.ENDED},
    }
    STATE_COLOURS = {State.DRAFT: "azure", State.SIGNED: "green"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="agreements"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    summary_zh = models.TextField(_("summary in Chinese"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    summary = Bilingual()
    parties = models.ManyToManyField(
        "members.Organisation", through="Party", related_name="agreements"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        ordering = ["-signed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_on__isnull=False),
                name="signed_agreements_have_a_day",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("signed_on")),
                name="agreements_expire_after_signing",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_on__isnull=False),
                name="ended_agreements_have_a_last_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreements:agreement_detail", args=[self.consortium, self.pk])

    @property
    def days_left(self) -> int | None:
        """Days until a signed agreement expires, less than 0 afterwards; None without a term."""
        if self.state != self.State.SIGNED or not self.expires_on:
            return None
        return (self.expires_on - clock.today()).days


class Party(models.Model):
    """One organisation's part in one agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE)
    organisation = models.ForeignKey("members.Organisation", on_delete=models.PROTECT)
    order = models.PositiveSmallIntegerField(default=1)  # 1 is Party A (甲方)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="a_party_is_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"
