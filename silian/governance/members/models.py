from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual
from silian.kernel.codes.checks import validate_credit_code, validate_school_code


class Organisation(models.Model):
    """A school, firm, department, association or institute: one row, however many consortia."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government body")
        PARK = "park", _("Industrial park")
        UNIVERSITY = "university", _("University")
        COLLEGE = "college", _("Higher vocational college")
        SECONDARY = "secondary", _("Secondary vocational school")
        ENTERPRISE = "enterprise", _("Enterprise")
        ASSOCIATION = "association", _("Association")
        INSTITUTE = "institute", _("Research institute")
        HOSPITAL = "hospital", _("Hospital")

    SCHOOLS = (Kind.UNIVERSITY, Kind.COLLEGE, Kind.SECONDARY)
    GOVERNMENT_SIDE = (Kind.GOVERNMENT, Kind.PARK)

    class Scale(models.TextChoices):
        LARGE = "large", _("Large")
        MEDIUM = "medium", _("Medium")
        SMALL = "small", _("Small")
        MICRO = "micro", _("Micro")

    class Integration(models.TextChoices):
        """产教融合型企业: listed by a province or the nation as a firm that educates."""

        CITY = "city", _("Listed by the city")
        PROVINCE = "province", _("Listed by the province")
        NATION = "nation", _("Listed by the nation")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, unique=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name = Bilingual()
    short_name_zh = models.CharField(_("short name in Chinese"), max_length=60, blank=True)
    short_name_en = models.CharField(_("short name in English"), max_length=80, blank=True)
    credit_code = models.CharField(
        _("unified social credit code"),
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_credit_code],
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subsidiaries",
    )
    region = models.ForeignKey(
        "codes.Code",
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    about_zh = models.TextField(_("about, in Chinese"), blank=True)
    about_en = models.TextField(_("about, in English"), blank=True)
    about = Bilingual()
    # what only schools have
    school_code = models.CharField(
        _("school code"),
        max_length=10,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_school_code],
    )
    student_count = models.PositiveIntegerField(_("number of students"), null=True, blank=True)
    # what only enterprises have
    industry = models.ForeignKey(
        "codes.Code",
        verbose_name=_("industry"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    scale = models.CharField(_("scale"), max_length=10, choices=Scale, blank=True)
    above_scale = models.BooleanField(_("above designated size"), default=False)
    integration = models.CharField(
        _("industry-education integrated enterprise"),
        max_length=10,
        choices=Integration,
        blank=True,
    )
    staff_count = models.PositiveIntegerField(_("number of staff"), null=True, blank=True)
    invented = models.BooleanField(_("invented for the demo"), default=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_zh"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["university", "college", "secondary"])
                | Q(school_code=None, student_count=None),
                name="only_schools_have_school_data",
            ),
            models.CheckConstraint(
                condition=Q(kind="enterprise")
                | Q(industry=None, scale="", above_scale=False, integration=""),
                name="only_enterprises_have_enterprise_data",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("pk")), name="no_organisation_is_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:organisation_detail", args=[self.pk])

    @property
    def is_school(self) -> bool:
        return self.kind in self.SCHOOLS

    def json_ld(self) -> dict[str, Any]:
        """What a search engine is told: the organisation as schema.org knows organisations."""
        facts = {
            "@context": "https://schema.org",
            "@type": "EducationalOrganization" if self.is_school else "Organization",
            "name": self.name_zh,
            "alternateName": self.name_en,
            "url": self.website,
            "taxID": self.credit_code,
            "address": self.address,
            "parentOrganization": self.parent and self.parent.name_zh,
        }
        return {name: fact for name, fact in facts.items() if fact}


def named(words: str, prefix: str = "") -> Q:
    """Organisations by a part of a name, or by the credit code."""
    columns = ["name_zh", "name_en", "short_name_zh", "short_name_en"]
    parts = [(f"{prefix}{column}__icontains", words.strip()) for column in columns]
    return Q(*parts, (f"{prefix}credit_code", words.strip().upper()), _connector=Q.OR)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        """Admitted and not suspended."""
        return self.filter(state=Membership.State.ADMITTED)

    def running(self) -> "MembershipQuerySet":
        """From the application on, until it is refused, withdrawn or over."""
        return self.exclude(state__in=Membership.ENDED)


class Membership(models.Model):
    """An organisation's place in a consortium, from application to leaving."""

    class State(models.TextChoices):
        APPLIED = "applied", _("Awaiting review")
        RETURNED = "returned", _("Returned for changes")
        REFUSED = "refused", _("Refused")
        ADMITTED = "admitted", _("Current member")
        SUSPENDED = "suspended", _("Suspended")
        LEFT = "left", _("Left")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        State.APPLIED: {State.RETURNED, State.REFUSED, State.ADMITTED, State.WITHDRAWN},
        State.RETURNED: {State.APPLIED, State.WITHDRAWN},
        State.ADMITTED: {State.SUSPENDED, State.LEFT},
        State.SUSPENDED: {State.ADMITTED, State.LEFT},
    }
    ENDED = (State.REFUSED, State.LEFT, State.WITHDRAWN)
    STATE_COLOURS = {
        State.APPLIED: "azure",
        State.RETURNED: "yellow",
        State.REFUSED: "red",
        State.ADMITTED: "green",
        State.SUSPENDED: "orange",
    }

    class Part(models.TextChoices):
        """What the unit is to the consortium."""

        GUIDING = "guiding", _("Guiding government body")
        LEAD_PARK = "lead_park", _("Lead park")
        LEAD_SCHOOL = "lead_school", _("Lead school")
        LEAD_ENTERPRISE = "lead_enterprise", _("Lead enterprise")
        LEAD = "lead", _("Lead unit")
        MEMBER = "member", _("Member unit")

    class Grade(models.TextChoices):
        CHAIR = "chair", _("Chairing unit")
        EXECUTIVE_VICE_CHAIR = "executive_vice_chair", _("Executive vice-chairing unit")
        VICE_CHAIR = "vice_chair", _("Vice-chairing unit")
        COUNCIL = "council", _("Council unit")
        MEMBER = "member", _("Member unit")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    part = models.CharField(_("part"), max_length=20, choices=Part, default=Part.MEMBER)
    grade = models.CharField(_("grade"), max_length=30, choices=Grade, default=Grade.MEMBER)
    founding = models.BooleanField(_("founding member"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.APPLIED)
    statement = models.TextField(_("why we want to join"), blank=True)
    contact_name = models.CharField(_("contact"), max_length=100, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=20, blank=True)
    answer = models.TextField(_("what the secretariat answered"), blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField(_("applied"), default=clock.now)
    admitted_on = models.DateField(_("member since"), null=True, blank=True)
    ended_on = models.DateField(_("left on"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "organisation"],
                condition=~Q(state__in=["refused", "left", "withdrawn"]),
                name="one_running_membership",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["admitted", "suspended"]) | Q(admitted_on__isnull=False),
                name="members_have_a_day_of_admission",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.consortium}"

    def get_absolute_url(self) -> str:
        return reverse("members:member_detail", args=[self.consortium, self.pk])

    @property
    def is_member(self) -> bool:
        """Let in and not left, be it suspended or not."""
        return self.state in (self.State.ADMITTED, self.State.SUSPENDED)


class Review(models.Model):
    """One reviewer's opinion of one application, with the reason."""

    class Opinion(models.TextChoices):
        ADMIT = "admit", _("Admit")
        RETURN = "return", _("Return for changes")
        REFUSE = "refuse", _("Refuse")

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opinion = models.CharField(_("opinion"), max_length=10, choices=Opinion)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.get_opinion_display()}"
