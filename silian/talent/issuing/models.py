from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual
from silian.talent.credentials.models import Kind
from silian.talent.credentials.scales import Family, level_fits, level_name


class Achievement(models.Model):
    """What somebody has earned, as the app that trained or examined them told; it waits until a
    batch takes it. Told again, it is brought up to date; taken back, it no longer holds."""

    source = models.CharField(_("source"), max_length=100, unique=True)
    family = models.CharField(_("family"), max_length=20, choices=Family)
    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="+"
    )
    issuer = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "persons.Person", on_delete=models.PROTECT, related_name="achievements"
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    on = models.DateField(_("earned on"))
    occupation = models.ForeignKey(
        "codes.Code", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("level reached"), max_length=12, blank=True)
    hours = models.DecimalField(
        _("class hours"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    holds = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("achievement")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=level_fits(), name="achievements_are_of_one_family")
        ]

    def __str__(self) -> str:
        return self.title


class Batch(models.Model):
    """Certificates of one kind that are issued together: drafted by one person, shown in public,
    issued by another."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLICITY = "publicity", _("In publicity")
        READY = "ready", _("Handed to the officer")  # of kinds without publicity
        ISSUED = "issued", _("Issued")
        DROPPED = "dropped", _("Dropped")

    MOVES = {
        State.DRAFT: {State.PUBLICITY, State.READY, State.DROPPED},
        State.PUBLICITY: {State.DRAFT, State.ISSUED},
        State.READY: {State.DRAFT, State.ISSUED},
    }
    STATE_COLOURS = {"publicity": "yellow", "ready": "yellow", "issued": "green"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="certificate_batches"
    )
    kind = models.ForeignKey(
        Kind, verbose_name=_("certificate"), on_delete=models.PROTECT, related_name="batches"
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    title = Bilingual()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("drafted by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    drafted_at = models.DateTimeField(_("drafted"), default=clock.now)
    public_from = models.DateField(_("in publicity from"), null=True, blank=True)
    public_until = models.DateField(_("in publicity until"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_on = models.DateField(_("certificate issued on"), null=True, blank=True)
    remark = models.CharField(_("why it was returned"), max_length=300, blank=True)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)

    class Meta:
        verbose_name = _("batch of certificates")
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=F("by")),
                name="who_drafts_does_not_issue",
            ),
            models.CheckConstraint(
                condition=Q(state="issued", issued_on__isnull=False)
                | (~Q(state="issued") & Q(issued_on=None, issued_by=None)),
                name="an_issued_batch_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="publicity")
                | Q(
                    public_from__isnull=False,
                    public_until__isnull=False,
                    public_until__gte=F("public_from"),
                ),
                name="publicity_has_its_days",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("issuing:batch_detail", args=[self.consortium, self.pk])

    @property
    def is_shown(self) -> bool:
        """Do its days of publicity run today?"""
        return self.state == self.State.PUBLICITY and not self.is_over

    @property
    def is_over(self) -> bool:
        """Are its days of publicity behind it?"""
        until: date | None = self.public_until
        return until is not None and until < clock.today()


class Candidate(models.Model):
    """Somebody who is to get a certificate with a batch."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="candidates")
    person = models.ForeignKey(
        "persons.Person", on_delete=models.PROTECT, related_name="candidacies"
    )
    family = models.CharField(max_length=20, choices=Family)
    level = models.CharField(_("level reached"), max_length=12, blank=True)
    hours = models.DecimalField(
        _("class hours"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    event_zh = models.CharField(_("contest or occasion, in Chinese"), max_length=150, blank=True)
    event_en = models.CharField(_("contest or occasion, in English"), max_length=150, blank=True)
    event = Bilingual()
    on = models.DateField(_("earned on"))
    photo = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    achievement = models.OneToOneField(
        Achievement, null=True, blank=True, on_delete=models.PROTECT, related_name="candidate"
    )
    certificate = models.OneToOneField(
        "credentials.Certificate", null=True, on_delete=models.PROTECT, related_name="candidate"
    )
    struck = models.CharField(_("why struck from the list"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("candidate for a certificate")
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "person", "level", "event_zh"], name="a_candidate_once_a_batch"
            ),
            models.CheckConstraint(condition=level_fits(), name="candidates_are_of_one_family"),
            models.CheckConstraint(
                condition=Q(certificate=None) | Q(struck=""), name="who_is_struck_gets_nothing"
            ),
            models.CheckConstraint(
                condition=Q(family=Family.TRAINING, hours__isnull=False, hours__gt=0)
                | (~Q(family=Family.TRAINING) & Q(hours=None)),
                name="candidates_of_trainings_have_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.pk}"

    @property
    def level_name(self) -> str:
        return level_name(self.family, self.level)

    @property
    def masked(self) -> str:
        """The name as the public list shows it: 王*, 李*明."""
        name = self.person.name
        middle = "*" * max(len(name) - 2, 1)
        return f"{name[:1]}{middle}{name[-1] if len(name) > 2 else ''}"


class Objection(models.Model):
    """What somebody says against a batch in publicity, with or without a name."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld")
        REFUSED = "refused", _("Refused")

    MOVES = {State.OPEN: {State.UPHELD, State.REFUSED}}
    STATE_COLOURS = {"open": "yellow", "upheld": "red", "refused": "green"}

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="objections")
    place = models.PositiveIntegerField(_("number in the list"), null=True, blank=True)
    text = models.TextField(_("what is wrong"), max_length=2000)
    contact = models.CharField(_("how to reach you"), max_length=200, blank=True)
    at = models.DateTimeField(_("received"), default=clock.now)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = _("objection to a certificate")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answer="") | (~Q(state="open") & ~Q(answer="")),
                name="certificate_objections_are_answered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch}, {self.at:%Y-%m-%d}"
