from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.bodykinds.models import Kind
from silian.governance.members.models import Membership
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class BodyQuerySet(models.QuerySet["Body"]):
    def public(self) -> "BodyQuerySet":
        """What everybody may see: planned, running or closed, but no application."""
        return self.filter(state__in=Body.PUBLIC)

    def running(self) -> "BodyQuerySet":
        """Founded and not closed."""
        return self.filter(state=Body.State.RUNNING)

    def orphaned(self) -> "BodyQuerySet":
        """Running, but hosted by somebody who is no member now."""
        hosted = Exists(
            Membership.objects.current().filter(
                consortium=OuterRef("consortium"), organisation=OuterRef("host")
            )
        )
        return self.running().filter(~hosted)

    def expiring(self) -> "BodyQuerySet":
        """Running, and the term is over or ends within the days that its kind warns ahead."""
        warned = F("expires_on") - F("kind__warning_days")
        from_day = models.ExpressionWrapper(warned, models.DateField())
        return self.running().alias(warning_from=from_day).filter(warning_from__lte=clock.today())


class Body(models.Model):
    """Something a consortium founds and a member hosts, such as an expert committee.

    It begins as a member's application, or is planned by the secretariat without one.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Application being written")
        SUBMITTED = "submitted", _("Application under review")
        RETURNED = "returned", _("Application returned for changes")
        REFUSED = "refused", _("Application refused")
        WITHDRAWN = "withdrawn", _("Application withdrawn")
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("In operation")
        CLOSED = "closed", _("Closed")

    MOVES = {
        State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
        State.SUBMITTED: {State.RETURNED, State.REFUSED, State.PLANNED, State.WITHDRAWN},
        State.RETURNED: {State.SUBMITTED, State.WITHDRAWN},
        State.PLANNED: {State.RUNNING, State.CLOSED},
        State.RUNNING: {State.CLOSED},
    }
    PUBLIC = (State.PLANNED, State.RUNNING, State.CLOSED)
    STATE_COLOURS = {
        State.SUBMITTED: "azure",
        State.RETURNED: "yellow",
        State.REFUSED: "red",
        State.PLANNED: "azure",
        State.RUNNING: "green",
    }

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="bodies"
    )
    kind = models.ForeignKey(
        Kind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="bodies"
    )
    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name = Bilingual()
    host = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("host"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hosted_bodies",
    )
    co_builders = models.ManyToManyField(
        "members.Organisation", verbose_name=_("co-builders"), blank=True, related_name="+"
    )
    cluster = models.ForeignKey(
        "consortia.Cluster",
        verbose_name=_("industry cluster"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    plaque = models.OneToOneField(
        "plaques.Plaque", null=True, blank=True, on_delete=models.PROTECT, related_name="body"
    )
    about_zh = models.TextField(_("about, in Chinese"), blank=True)
    about_en = models.TextField(_("about, in English"), blank=True)
    about = Bilingual()
    rules_zh = models.TextField(_("its charter, in Chinese"), blank=True)
    rules_en = models.TextField(_("its charter, in English"), blank=True)
    rules = Bilingual()
    answers = models.JSONField(default=dict, blank=True)  # to the questions of its kind, by code
    # what only an application has
    plan = models.TextField(_("how it will be built"), blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    answer = models.TextField(_("what the secretariat answered"), blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    expires_on = models.DateField(_("term ends on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "name_zh"],
                condition=~Q(state__in=["refused", "withdrawn"]),
                name="one_body_per_name",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(founded_on__isnull=False),
                name="running_bodies_have_a_founding_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "running", "closed"]) | Q(host__isnull=False),
                name="somebody_applies_for_a_body",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(applied_at__isnull=False),
                name="submitted_applications_say_when",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("founded_on")),
                name="terms_of_bodies_end_after_the_founding",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        page = "bodies:body_detail" if self.state in self.PUBLIC else "proposals:proposal_detail"
        return reverse(page, args=[self.consortium, self.pk])

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def warned_from(self) -> date | None:
        """From when on its end is announced."""
        return self.expires_on and self.expires_on - timedelta(days=self.kind.warning_days)

    def json_ld(self) -> dict[str, Any]:
        """What a search engine is told: a part of the consortium, as schema.org puts it."""
        facts = {
            "@context": "https://schema.org",
            "@type": "Organization",
            "name": self.name_zh,
            "alternateName": self.name_en,
            "description": self.about_zh or self.kind.purpose_zh,
            "foundingDate": self.founded_on and self.founded_on.isoformat(),
            "dissolutionDate": self.closed_on and self.closed_on.isoformat(),
            "parentOrganization": {"@type": "Organization", "name": self.consortium.name_zh},
            "sponsor": self.host and {"@type": "Organization", "name": self.host.name_zh},
        }
        return {name: fact for name, fact in facts.items() if fact}


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def running(self, on: date | None = None) -> "AppointmentQuerySet":
        """Those that run on that day (today)."""
        day = on or clock.today()
        return self.filter(Q(end=None) | Q(end__gt=day), start__lte=day)


class Appointment(models.Model):
    """Somebody serves in a body in a role of its kind, from one day to another."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="appointments")
    role = models.ForeignKey(
        "bodykinds.Role", verbose_name=_("serves as"), on_delete=models.PROTECT, related_name="+"
    )
    sole = models.BooleanField(default=False)  # as the role said on the day of appointment
    name = models.CharField(_("full name"), max_length=100)
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit = models.CharField(_("unit that the directory lacks"), max_length=200, blank=True)
    title = models.CharField(_("job title"), max_length=100, blank=True)
    user = models.ForeignKey(  # where the person has an account
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    start = models.DateField(_("from"), default=clock.today)
    end = models.DateField(_("until"), null=True, blank=True)  # the first day it no longer runs
    letter_number = models.CharField(_("number of the letter"), max_length=60, blank=True)
    hidden = models.BooleanField(_("not named in public"), default=False)
    left_why = models.CharField(_("why the appointment ended"), max_length=300, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        ordering = ["role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="appointments_end_after_they_start",
            ),
            models.CheckConstraint(
                condition=Q(organisation=None) | Q(unit=""), name="a_unit_is_named_once"
            ),
            ExclusionConstraint(
                name="nobody_is_twice_in_one_role_of_a_body",
                expressions=[
                    ("body", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (Func("start", "end", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="one_holder_of_a_sole_role_of_a_body",
                expressions=[
                    ("body", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Func("start", "end", function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(sole=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"

    def get_absolute_url(self) -> str:
        """The page on which it is changed."""
        return reverse("bodies:person_edit", args=[self.body.consortium, self.body_id, self.pk])

    @property
    def place(self) -> str:
        """Where the person works."""
        return self.organisation.name if self.organisation else self.unit

    def runs_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)
