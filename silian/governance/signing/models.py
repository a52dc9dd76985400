from django.conf import settings
from django.core.signing import Signer
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """How somebody signs."""

    ELECTRONIC = "electronic", _("On screen, with a second factor")
    PAPER = "paper", _("On paper, checked by a second person")
    AUTHORITY = "authority", _("With a certificate authority")
    LINK = "link", _("By a personal link, with a code sent by e-mail")


class Process(models.Model):
    """The signing of one frozen text of an agreement; what is thawed and changed needs another."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        OPEN = "open", _("Being signed")
        COMPLETE = "complete", _("Signed by all")
        REFUSED = "refused", _("Refused by a signatory")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    MOVES = {
        State.PREPARED: {State.OPEN, State.WITHDRAWN},
        State.OPEN: {State.COMPLETE, State.REFUSED, State.WITHDRAWN, State.EXPIRED},
    }
    STATE_COLOURS = {
        State.PREPARED: "azure",
        State.OPEN: "yellow",
        State.COMPLETE: "green",
        State.REFUSED: "red",
        State.EXPIRED: "orange",
    }
    RUNNING = (State.PREPARED, State.OPEN)

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="signings"
    )
    document = models.ForeignKey(  # the frozen PDF, from the opening on
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ordered = models.BooleanField(_("one after the other"), default=False)
    deadline = models.DateField(_("sign until"), null=True, blank=True)  # the last day
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    opened_at = models.DateTimeField(_("opened for signing"), null=True, blank=True)
    closed_at = models.DateTimeField(_("signing ended"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)  # of a refusal or withdrawal
    certificate = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("signing")
        verbose_name_plural = _("signings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state__in=["prepared", "open"]),
                name="one_signing_of_an_agreement_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "withdrawn"])
                | Q(document__isnull=False, opened_at__isnull=False),
                name="what_is_signed_is_a_document",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "open"], closed_at=None)
                | (~Q(state__in=["prepared", "open"]) & Q(closed_at__isnull=False)),
                name="a_signing_that_is_over_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agreement)

    def get_absolute_url(self) -> str:
        return reverse("signing:signing_detail", args=[self.agreement.consortium, self.pk])

    @property
    def is_open(self) -> bool:
        """Can acts be done: opened, and the text still frozen as it was then?"""
        agreement = self.agreement
        frozen = agreement.state == agreement.State.SIGNING
        return self.state == self.State.OPEN and frozen and agreement.frozen_id == self.document_id

    @property
    def turn(self) -> int | None:
        """The group that signs now where the order counts, None where nobody is waited for."""
        pending = [s.order for s in self.signatories.all() if s.state in Signatory.PENDING]
        return min(pending, default=None)


class Signatory(models.Model):
    """A person who signs for one party; a party may have several."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Has not signed yet")
        CHECKING = "checking", _("Signed on paper, to be checked")
        SIGNED = "signed", _("Has signed")
        REFUSED = "refused", _("Refused to sign")

    MOVES = {
        State.WAITING: {State.CHECKING, State.SIGNED, State.REFUSED},
        State.CHECKING: {State.SIGNED, State.WAITING},
    }
    STATE_COLOURS = {State.CHECKING: "yellow", State.SIGNED: "green", State.REFUSED: "red"}
    PENDING = (State.WAITING, State.CHECKING)

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="signatories")
    organisation = models.ForeignKey(  # one of the agreement's parties; none: for a person
        "members.Organisation",
        verbose_name=_("party"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signatories",
    )
    name = models.CharField(_("full name"), max_length=100)
    title = models.CharField(_("job title"), max_length=100, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signatories",
    )
    order = models.PositiveSmallIntegerField(
        _("group in the order"), default=1, validators=[MinValueValidator(1)]
    )
    method = models.CharField(
        _("expected way"), max_length=10, choices=Method, default=Method.ELECTRONIC
    )
    guardian_of = models.CharField(_("guardian of"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)  # where a personal link is sent
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["process", "organisation", "name"], name="a_signatory_is_named_once"
            ),
            models.UniqueConstraint(
                fields=["process", "user"], name="an_account_signs_a_document_once"
            ),
            models.CheckConstraint(
                condition=~Q(method="link") | ~Q(email=""), name="a_link_goes_to_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.party_name}"

    def get_absolute_url(self) -> str:
        return reverse("signatures:sign", args=[self.process.agreement.consortium, self.pk])

    @property
    def party_name(self) -> str:
        """For whom this person signs: a party, a ward, or nobody but themselves."""
        if self.organisation:
            return self.organisation.name
        return (
            _("guardian of %(name)s") % {"name": self.guardian_of}
            if self.guardian_of
            else self.name
        )

    @property
    def public_party(self) -> str:
        return self.organisation.name if self.organisation else f"{self.name[:1]}**"

    @property
    def link(self) -> str:
        """Where somebody without an account signs: an address that cannot be guessed."""
        token = Signer(salt="signing.Signatory").sign(str(self.pk))
        place = self.process.agreement.consortium
        return f"{settings.SITE_URL}{reverse('signatures:link', args=[place, token])}"

    @property
    def is_due(self) -> bool:
        """Is this person waited for now?"""
        if self.state != self.State.WAITING:
            return False
        return not self.process.ordered or self.order == self.process.turn
