from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Membership
from silian.kernel.bilingual import Bilingual


class BodyQuerySet(models.QuerySet["Body"]):
    def running(self) -> "BodyQuerySet":
        """Founded and not closed."""
        return self.filter(state=Body.State.RUNNING)

    def orphaned(self) -> "BodyQuerySet":
        """Running, but hosted by nobody who is a member now."""
        hosted = Exists(
            Membership.objects.current().filter(
                consortium=OuterRef("consortium"), organisation=OuterRef("host")
            )
        )
        return self.running().filter(~hosted)


class Body(models.Model):
    """Something a consortium founds and a member hosts, such as an expert committee."""

    class Kind(models.TextChoices):
        EXPERT_COMMITTEE = "expert_committee", _("Industry expert committee")
        SPECIALTY_COMMITTEE = "specialty_committee", _("Specialty teaching committee")
        FIELD_ENGINEERS = "field_engineers", _("Field engineer college")
        PRACTICE_CENTRE = "practice_centre", _("Open practice centre")
        CRAFTSMEN = "craftsmen", _("Industry talent (craftsmen) college")
        INDUSTRY_COLLEGE = "industry_college", _("Industry college")
        PHD_STATION = "phd_station", _("PhD innovation station")
        TEACHER_STATION = "teacher_station", _("Teacher enterprise-practice station")
        MASTER_STUDIO = "master_studio", _("Master craftsman studio")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("In operation")
        CLOSED = "closed", _("Closed")

    MOVES = {
        State.PLANNED: {State.RUNNING, State.CLOSED},
        State.RUNNING: {State.CLOSED},
    }
    STATE_COLOURS = {State.PLANNED: "azure", State.RUNNING: "green"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="bodies"
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
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
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["consortium", "name_zh"], name="one_body_per_name"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(founded_on__isnull=False),
                name="running_bodies_have_a_founding_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("bodies:body_detail", args=[self.consortium, self.pk])

    def json_ld(self) -> dict[str, Any]:
        """What a search engine is told: a part of the consortium, as schema.org puts it."""
        facts = {
            "@context": "https://schema.org",
            "@type": "Organization",
            "name": self.name_zh,
            "alternateName": self.name_en,
            "description": self.about_zh,
            "foundingDate": self.founded_on and self.founded_on.isoformat(),
            "dissolutionDate": self.closed_on and self.closed_on.isoformat(),
            "parentOrganization": {"@type": "Organization", "name": self.consortium.name_zh},
        }
        return {name: fact for name, fact in facts.items() if fact}
