from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class ConsentQuerySet(models.QuerySet["Consent"]):
    def running(self) -> "ConsentQuerySet":
        """Given and not withdrawn."""
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """One person lets one recipient use their data for one purpose (PIPL Art. 13-16, 23).

    It is never changed: a withdrawal is noted, a new wording asks for a new consent. The database
    refuses anything else (triggers in the first migration).
    """

    class Purpose(models.TextChoices):
        RECOMMENDATION = "recommendation", _("Recommend positions to me")  # recipient: none
        RECORD = "record", _("Read my record")
        PLACEMENT = "placement", _("Place me by a round")
        INTERNSHIP = "internship", _("Carry out my internship")
        COHORT = "cohort", _("Train me in a cohort")

    class Data(models.TextChoices):
        """Kinds of data that a consent can cover."""

        EDUCATION = "education", _("Education")
        SKILLS = "skills", _("Skills")
        CERTIFICATES = "certificates", _("Certificates")
        PRACTICE = "practice", _("Practice")
        PROJECTS = "projects", _("Projects and languages")
        WISHES = "wishes", _("What I look for")
        CONTACT = "contact", _("Contact details")
        IDENTITY = "identity", _("Identity number")

    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, related_name="consents")
    recipient = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("version of the wording"))
    text = models.TextField(_("wording"))  # what the person read
    covers = ArrayField(
        models.CharField(max_length=20, choices=Data), verbose_name=_("kinds of data"), default=list
    )
    by_guardian = models.CharField(_("guardian who consented"), max_length=100, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(_("given"), default=clock.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "recipient", "purpose"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="one_running_consent_a_purpose",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consents_are_withdrawn_after_they_are_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_purpose_display()}"

    @property
    def purpose_names(self) -> dict[str, str]:
        """The purpose in both languages, for a notice."""
        names = {}
        for key, language in (("zh", "zh-hans"), ("en", "en")):
            with override(language):
                names[key] = str(self.get_purpose_display())
        return names

    @property
    def covered(self) -> list[str]:
        """The kinds of data by name."""
        return [str(self.Data(kind).label) for kind in self.covers]


class Question(models.Model):
    """A guardian is asked to consent for a child: by a link, or on paper which the school scans.

    Of the link's token the database keeps the SHA-256 and the nonce that it is made of together
    with the secret key, as for an invitation.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for the guardian")
        GIVEN = "given", _("Consented")
        REFUSED = "refused", _("Refused")
        LAPSED = "lapsed", _("Not answered in time")

    MOVES = {State.WAITING: {State.GIVEN, State.REFUSED, State.LAPSED}}
    STATE_COLOURS = {"waiting": "yellow", "given": "green", "refused": "red"}

    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Consent.Purpose)
    recipient = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    covers = ArrayField(models.CharField(max_length=20), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(_("asked"), default=clock.now)
    expires_at = models.DateTimeField(_("expires"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    consent = models.OneToOneField(
        Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="question"
    )
    scan = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("question to a guardian")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="given", consent__isnull=False)
                | (~Q(state="given") & Q(consent=None)),
                name="an_answered_question_has_its_consent",
            ),
            models.UniqueConstraint(
                fields=["person", "purpose", "recipient"],
                condition=Q(state="waiting"),
                nulls_distinct=False,
                name="a_guardian_is_asked_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_purpose_display()}"

    @property
    def token(self) -> str:
        return salted_hmac("silian.guardian", self.nonce, algorithm="sha256").hexdigest()

    @property
    def link(self) -> str:
        """The full address for the guardian, to be mailed or handed over."""
        return f"{settings.SITE_URL}{reverse('consents:guardian', args=[self.token])}"


class View(models.Model):
    """Somebody looked at a person's data. The person can read this list; nobody changes it."""

    person = models.ForeignKey("persons.Person", on_delete=models.PROTECT, related_name="views")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    what = models.CharField(_("what was seen"), max_length=100)  # a msgid
    as_file = models.BooleanField(_("taken as a file"), default=False)
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("view")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="views_of_a_person")]

    def __str__(self) -> str:
        return f"{self.by}: {self.what}"

    @property
    def seen(self) -> str:
        """What was seen, in the reader's language."""
        return gettext(self.what)
