from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.signing.models import Method, Signatory
from silian.kernel import clock


class Scan(models.Model):
    """A page signed on paper: entered by one person, counted when a second one has checked it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for its check")
        ACCEPTED = "accepted", _("Found in order")
        REJECTED = "rejected", _("Rejected at the check")

    MOVES = {State.WAITING: {State.ACCEPTED, State.REJECTED}}
    STATE_COLOURS = {State.WAITING: "yellow", State.ACCEPTED: "green", State.REJECTED: "red"}

    signatory = models.ForeignKey(Signatory, on_delete=models.CASCADE, related_name="scans")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(_("signed on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("entered on"), default=clock.now)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("checked on"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("scan")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("by")),
                name="a_second_person_checks_a_scan",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", checked_by=None)
                | (~Q(state="waiting") & Q(checked_by__isnull=False)),
                name="a_checked_scan_says_by_whom",
            ),
            models.UniqueConstraint(
                fields=["signatory"],
                condition=~Q(state="rejected"),
                name="one_scan_of_a_signature",
            ),
        ]

    def __str__(self) -> str:
        return str(self.signatory)

    def get_absolute_url(self) -> str:
        consortium = self.signatory.process.agreement.consortium
        return reverse("signatures:scan_detail", args=[consortium, self.pk])


class Act(models.Model):
    """That somebody has signed: how, when and what. A change would break the seal (seals.py)."""

    class Factor(models.TextChoices):
        TOTP = "totp", _("Code of an authenticator app")
        RECOVERY = "recovery_codes", _("Recovery code")
        PASSKEY = "webauthn", _("Passkey or security key")
        MAIL = "mail", _("One-time code by e-mail")

    signatory = models.OneToOneField(Signatory, on_delete=models.PROTECT, related_name="act")
    method = models.CharField(_("way"), max_length=10, choices=Method)
    name = models.CharField(_("full name"), max_length=100)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"))
    sha256 = models.CharField(max_length=64)  # of the document that was signed
    factor = models.CharField(_("second factor"), max_length=20, choices=Factor, blank=True)
    sentence = models.CharField(_("confirmed sentence"), max_length=500, blank=True)
    scan = models.OneToOneField(
        Scan, null=True, blank=True, on_delete=models.PROTECT, related_name="act"
    )
    authority = models.CharField(_("certificate authority"), max_length=50, blank=True)
    serial = models.CharField(_("serial number"), max_length=200, blank=True)
    receipt = models.TextField(_("receipt of the authority"), blank=True)
    evidence = models.TextField()  # what the seal vouches for, as it was then: canonical JSON
    key = models.CharField(max_length=44)  # public key of the seal, Ed25519, base64
    seal = models.CharField(max_length=88)  # Ed25519 signature of the evidence, base64

    class Meta:
        verbose_name = _("signature")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(method="electronic", user__isnull=False, scan=None, authority="")
                & ~Q(factor="")
                & ~Q(sentence="")
                | Q(method="paper", scan__isnull=False, factor="", authority="")
                | Q(method="authority", scan=None, factor="") & ~Q(authority="") & ~Q(serial="")
                | Q(method="link", user=None, scan=None, authority="", factor="mail")
                & ~Q(sentence=""),
                name="a_signature_brings_its_evidence",
            ),
            models.UniqueConstraint(
                fields=["authority", "serial"],
                condition=~Q(authority=""),
                name="a_receipt_counts_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.signatory)
