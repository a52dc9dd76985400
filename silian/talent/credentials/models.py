import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.engines.numbering import SKILL_NUMBER, UPPER_NUMBER
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual
from silian.kernel.persons.naming import NameField
from silian.talent.credentials.scales import (
    BEYOND_FIVE,
    Family,
    level_fits,
    level_name,
    levels_of,
)


class KindQuerySet(models.QuerySet["Kind"]):
    def in_use(self) -> "KindQuerySet":
        return self.filter(retired_on=None)


class Kind(models.Model):
    """What one organisation certifies: the family and its levels, how it is numbered and signed.

    Once a certificate of it is issued, what stands on the paper is no longer changed.
    """

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="certificate_kinds"
    )
    family = models.CharField(_("family"), max_length=20, choices=Family)
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    title = Bilingual()
    about_zh = models.CharField(_("what it certifies, in Chinese"), max_length=300)
    about_en = models.CharField(_("what it certifies, in English"), max_length=300, blank=True)
    about = Bilingual()
    occupation = models.ForeignKey(
        "codes.Code",
        verbose_name=_("occupation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    levels = ArrayField(
        models.CharField(max_length=12), verbose_name=_("levels"), default=list, blank=True
    )
    issuer = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("issuing organisation"),
        on_delete=models.PROTECT,
        related_name="certificate_kinds",
    )
    signer = models.CharField(_("who signs"), max_length=60, blank=True)
    prefix = models.CharField(
        _("what its numbers begin with"),
        max_length=20,
        validators=[RegexValidator(r"^[A-Z0-9-]+$", _("Capital letters, digits and hyphens."))],
    )
    pattern = models.CharField(_("pattern of the number"), max_length=60, blank=True)
    letters = models.CharField(
        _("letters of the levels beyond the five"),
        max_length=3,
        default="XTS",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters."))],
    )
    months = models.PositiveSmallIntegerField(
        _("months it is valid"), null=True, blank=True, validators=[MaxValueValidator(600)]
    )
    publicity_days = models.PositiveSmallIntegerField(
        _("working days of publicity"), default=5, validators=[MaxValueValidator(60)]
    )
    shows_number = models.BooleanField(_("shows the masked ID card number"), default=False)
    retired_on = models.DateField(_("no longer issued since"), null=True, blank=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of certificate")
        ordering = ["family", "title_zh", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "issuer", "title_zh"],
                condition=Q(retired_on=None),
                name="a_kind_of_certificate_once",
            ),
            models.CheckConstraint(
                condition=~Q(family=Family.SKILL)
                | Q(occupation__isnull=False, prefix__regex=r"^[YS]\d{12}$"),
                name="a_skill_level_has_its_occupation_and_body",
            ),
            models.CheckConstraint(
                condition=Q(family=Family.SKILL) ^ ~Q(pattern=""),
                name="all_but_skill_levels_have_a_pattern",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("credentials:kind_detail", args=[self.consortium, self.pk])

    @property
    def level_choices(self) -> list[tuple[str, str]]:
        return [(value, name) for value, name in levels_of(self.family) if value in self.levels]

    level_names = property(lambda self: [name for _value, name in self.level_choices])


class Counter(models.Model):
    """The last serial given under one stem; its row is locked while numbers are taken."""

    stem = models.CharField(max_length=80, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.stem


class OfficerQuerySet(models.QuerySet["Officer"]):
    def running(self) -> "OfficerQuerySet":
        today = clock.today()
        return self.filter(Q(end=None) | Q(end__gt=today), start__lte=today)


class Officer(models.Model):
    """Who may issue and revoke in the name of an organisation, from one day to another."""

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="issuing_officers"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("issues for"),
        on_delete=models.PROTECT,
        related_name="issuing_officers",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    start = models.DateField(_("from"), default=clock.today)
    end = models.DateField(_("until"), null=True, blank=True)  # the first day it no longer counts

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("issuing officer")
        ordering = ["organisation", "start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="issuing_officers_end_after_they_start",
            ),
            ExclusionConstraint(
                name="an_issuing_officer_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("consortium", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (Func("start", "end", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"


class Certificate(models.Model):
    """One certificate as issued: never changed, but corrected by a new version of its number."""

    class State(models.TextChoices):
        VALID = "valid", _("Valid")
        REVOKED = "revoked", _("Revoked")
        CORRECTED = "corrected", _("Corrected")

    MOVES = {State.VALID: {State.REVOKED, State.CORRECTED}}
    STATE_COLOURS = {"valid": "green", "revoked": "red", "corrected": "yellow"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="certificates"
    )
    kind = models.ForeignKey(
        Kind, verbose_name=_("certificate"), on_delete=models.PROTECT, related_name="certificates"
    )
    family = models.CharField(_("family"), max_length=20, choices=Family)
    level = models.CharField(_("level reached"), max_length=12, blank=True)
    number = models.CharField(_("number"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "persons.Person", on_delete=models.PROTECT, related_name="certificates"
    )
    name = NameField(_("full name"), max_length=100)  # as it is printed
    hours = models.DecimalField(
        _("class hours"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    event_zh = models.CharField(_("contest or occasion, in Chinese"), max_length=150, blank=True)
    event_en = models.CharField(_("contest or occasion, in English"), max_length=150, blank=True)
    event = Bilingual()
    photo = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    earned_on = models.DateField(_("earned on"))
    issued_on = models.DateField(_("certificate issued on"), default=clock.today)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField(_("no longer valid since"), null=True, blank=True)
    reason = models.CharField(_("why it no longer counts"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VALID)

    class Meta:
        verbose_name = _("certificate")
        ordering = ["-issued_on", "-number", "-version"]
        indexes = [models.Index(fields=["consortium", "-issued_on"], name="certificates_of_a_body")]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "version"], name="a_version_of_a_number_once"
            ),
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(state="corrected"),
                name="one_certificate_stands_a_number",
            ),
            models.CheckConstraint(condition=level_fits(), name="a_level_is_of_its_own_family"),
            models.CheckConstraint(
                condition=~Q(family=Family.SKILL)
                | Q(Q(level__in=BEYOND_FIVE), number__regex=UPPER_NUMBER)
                | Q(~Q(level__in=BEYOND_FIVE), number__regex=SKILL_NUMBER),
                name="skill_levels_are_numbered_by_rule",
            ),
            models.CheckConstraint(
                condition=Q(family=Family.TRAINING, hours__isnull=False, hours__gt=0)
                | (~Q(family=Family.TRAINING) & Q(hours=None)),
                name="hours_are_those_of_a_training",
            ),
            models.CheckConstraint(
                condition=(Q(family=Family.CONTEST) & ~Q(event_zh=""))
                | Q(family=Family.TEACHER)
                | (~Q(family=Family.CONTEST) & Q(event_zh="", event_en="")),
                name="an_award_says_of_which_contest",
            ),
            models.CheckConstraint(
                condition=Q(state="valid", ended_on=None, reason="")
                | (~Q(state="valid") & Q(ended_on__isnull=False) & ~Q(reason="")),
                name="what_no_longer_counts_says_why",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("issued_on")),
                name="certificates_expire_after_they_are_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind.title}"

    def get_absolute_url(self) -> str:
        return reverse("credentials:certificate_detail", args=[self.consortium, self.pk])

    @property
    def level_name(self) -> str:
        return level_name(self.family, self.level)

    @property
    def is_expired(self) -> bool:
        """Past its last day, though neither revoked nor corrected."""
        over = self.expires_on is not None and self.expires_on < clock.today()
        return over and self.state == self.State.VALID

    @property
    def counts(self) -> bool:
        return self.state == self.State.VALID and not self.is_expired


class Copy(models.Model):
    """A certificate's paper was issued once more, because the first was lost or damaged."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="copies")
    on = models.DateField(_("issued again on"), default=clock.today)
    reason = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("certificate issued again")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_copy_says_why")]

    def __str__(self) -> str:
        return str(self.certificate)
