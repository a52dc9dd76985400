from datetime import timedelta

from django.conf import settings
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
        """Signed ones whose last day comes within ``days`` or has passed; not amendments."""
        last = clock.today() + timedelta(days=days)
        return self.signed().filter(amends=None, expires_on__lte=last).order_by("expires_on", "pk")


class RegisterManager(models.Manager["Agreement"]):
    """Agreements between organisations: no list, search, count or export ever meets a person's."""

    def get_queryset(self) -> AgreementQuerySet:
        return AgreementQuerySet(self.model, using=self._db).exclude(kind__in=Agreement.PERSONAL)


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
        INTERNSHIP = "internship", _("Internship agreement")

    PERSONAL = (Kind.INTERNSHIP,)  # a natural person is a party: seen by the parties alone
    ORDINARY_KINDS = [choice for choice in Kind.choices if choice[0] != "internship"]

    class State(models.TextChoices):
        DRAFT = "draft", _("Being negotiated")
        SIGNING = "signing", _("Being signed")  # the text is frozen
        SIGNED = "signed", _("Signed")
        ENDED = "ended", _("Ended")

    MOVES = {
        State.DRAFT: {State.SIGNING, State.SIGNED, State.ENDED},
        State.SIGNING: {State.DRAFT, State.SIGNED, State.ENDED},
        State.SIGNED: {State.ENDED},
    }
    STATE_COLOURS = {State.DRAFT: "azure", State.SIGNING: "yellow", State.SIGNED: "green"}

    class End(models.TextChoices):  # how an agreement came to its end
        FULFILLED = "fulfilled", _("Fulfilled or expired")
        EARLY = "early", _("Ended early")
        REPLACED = "replaced", _("Replaced by a later one")
        GIVEN_UP = "given_up", _("Given up before it was signed")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="agreements"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    number = models.CharField(_("number"), max_length=40, blank=True)  # given when it is frozen
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
    end = models.CharField(_("how it ended"), max_length=20, choices=End, blank=True)
    terms = models.JSONField(default=dict, blank=True)  # by kind: agreements/kinds.toml
    public_text = models.BooleanField(_("anybody may read the signed text"), default=False)
    amends = models.ForeignKey(
        "self",
        verbose_name=_("amends"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="amendments",
    )
    renews = models.ForeignKey(
        "self",
        verbose_name=_("renews"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewals",
    )
    frozen = models.ForeignKey(  # the one PDF that everybody signs; its SHA-256 stands on its row
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    check_code = models.CharField(max_length=24, unique=True, null=True, blank=True)

    objects = RegisterManager.from_queryset(AgreementQuerySet)()
    everything = AgreementQuerySet.as_manager()  # personal ones too, for those who may see them

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
            models.CheckConstraint(
                condition=~Q(state="signing") | Q(frozen__isnull=False, check_code__isnull=False),
                name="what_is_being_signed_is_frozen",
            ),
            models.UniqueConstraint(
                fields=["consortium", "number"],
                condition=~Q(number=""),
                name="one_agreement_a_number",
            ),
            models.CheckConstraint(
                condition=Q(amends=None) | Q(renews=None), name="an_amendment_is_no_renewal"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        page = "signing:signing_latest" if self.is_personal else "agreements:agreement_detail"
        return reverse(page, args=[self.consortium, self.pk])

    @property
    def is_personal(self) -> bool:
        return self.kind in self.PERSONAL

    @property
    def days_left(self) -> int | None:
        """Days until a signed agreement expires, less than 0 afterwards; None without a term."""
        if self.state != self.State.SIGNED or not self.expires_on:
            return None
        return (self.expires_on - clock.today()).days


class Party(models.Model):
    """The part of one organisation, or of one natural person, in one agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE)
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT
    )
    person = models.CharField(_("full name"), max_length=100, blank=True)
    user = models.ForeignKey(  # the person's account, where there is one
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("part"), max_length=100, blank=True)  # school, enterprise, guide …
    order = models.PositiveSmallIntegerField(default=1)  # 1 is Party A (甲方)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="a_party_is_named_once"
            ),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(organisation=None), name="one_person_a_contract"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, person="", user=None)
                | (Q(organisation=None) & ~Q(person="")),
                name="a_party_is_an_organisation_or_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.organisation.name if self.organisation else self.person

    @property
    def public_name(self) -> str:  # for whoever merely holds the document
        return self.organisation.name if self.organisation else f"{self.person[:1]}**"


class Version(models.Model):
    """One version of the text, in Markdown. Versions are added, never changed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    organisation = models.ForeignKey(  # who proposes it; nobody where the secretariat does
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("version")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.number}"


class Comment(models.Model):
    """What a side says about a version, until it is settled."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments")
    quote = models.CharField(_("passage"), max_length=300, blank=True)
    text = models.TextField(_("comment"))
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("comment")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Waiver(models.Model):
    """Why an agreement may be signed although it goes against a warning of rules.toml."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="waivers")
    rule = models.CharField(_("rule"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "rule", "version"], name="one_reason_a_warning"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_warning_is_passed_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason[:60]}"


class RuleSetting(models.Model):
    """How strictly a consortium applies a rule that it may configure, and with which numbers."""

    class Level(models.TextChoices):
        BLOCK = "block", _("Not to be signed")
        WARN = "warn", _("Only with a written reason")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="+"
    )
    rule = models.CharField(_("rule"), max_length=60)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    numbers = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("changed"), default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consortium", "rule"], name="one_setting_a_rule")
        ]

    def __str__(self) -> str:
        return f"{self.consortium}: {self.rule}"
