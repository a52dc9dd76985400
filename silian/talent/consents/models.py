from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class ConsentQuerySet(models.QuerySet["Consent"]):
    def running(self) -> "ConsentQuerySet":
        """Given and not withdrawn."""
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """One person lets one recipient use their data for one purpose (PIPL Art. 13-16, 23).

    It is never changed: a withdrawal is noted, a new wording asks for a new consent.
    """

    class Purpose(models.TextChoices):
        RECOMMENDATION = "recommendation", _("Recommend positions to me")  # recipient: none
        RECORD = "record", _("Read my record")
        PLACEMENT = "placement", _("Place me by a round")
        INTERNSHIP = "internship", _("Carry out my internship")
        COHORT = "cohort", _("Train me in a cohort")

    person = models.ForeignKey("profiles.Person", on_delete=models.PROTECT, related_name="consents")
    recipient = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("version of the wording"))
    text = models.TextField(_("wording"))  # what the person read
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


class View(models.Model):
    """Somebody looked at a person's data. The person can read this list; nobody changes it."""

    person = models.ForeignKey("profiles.Person", on_delete=models.CASCADE, related_name="views")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "members.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    what = models.CharField(_("what was seen"), max_length=100)  # a msgid
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("view")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.by}: {self.what}"
