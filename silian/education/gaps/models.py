from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.engines import gaps
from silian.industry.demand.models import SkillNeed
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual, in_reading_language


class Snapshot(models.Model):
    """How one programme stood to demand at one moment, with all that it was computed from."""

    class State(models.TextChoices):
        COMPUTED = "computed", _("For those who keep the programme")
        PUBLISHED = "published", _("Published to members")

    MOVES = {State.COMPUTED: {State.PUBLISHED}, State.PUBLISHED: {State.COMPUTED}}
    STATE_COLOURS = {"computed": "azure", "published": "green"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="+"
    )
    programme = models.ForeignKey(
        "programmes.Programme",
        verbose_name=_("programme"),
        on_delete=models.CASCADE,
        related_name="gaps",
    )
    at = models.DateTimeField(_("computed"), default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    inputs = models.JSONField(default=dict)  # postings, units, skills and thresholds, as they were
    digest = models.CharField(max_length=64)  # of the inputs
    covered = models.PositiveIntegerField(_("covered"), default=0)
    thin = models.PositiveIntegerField(_("thin"), default=0)
    missing = models.PositiveIntegerField(_("missing"), default=0)
    surplus = models.PositiveIntegerField(_("surplus"), default=0)
    index = models.FloatField(_("coverage"), null=True)  # None where nothing is asked for
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.COMPUTED)

    class Meta:
        verbose_name = _("comparison with demand")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(index=None) | Q(index__range=(0, 1)), name="coverage_is_a_part"
            ),
        ]
        indexes = [models.Index(fields=["programme", "-at"], name="gap_latest")]

    def __str__(self) -> str:
        return f"{self.programme} {self.at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("gaps:snapshot_detail", args=[self.consortium, self.pk])


class Line(models.Model):
    """How one skill stood. Its names are those of that day, whatever becomes of the skill."""

    class Outcome(models.TextChoices):
        MISSING = gaps.MISSING, _("Not taught")
        THIN = gaps.THIN, _("Thin")
        COVERED = gaps.COVERED, _("Covered")
        SURPLUS = gaps.SURPLUS, _("Not asked for")

    COLOURS = {"missing": "red", "thin": "orange", "covered": "green", "surplus": "secondary"}

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="lines")
    skill = models.ForeignKey(
        "occupations.Skill", verbose_name=_("skill"), on_delete=models.PROTECT, related_name="+"
    )
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    name = Bilingual()
    number = models.PositiveBigIntegerField()  # the skill's key on that day, as in the inputs
    outcome = models.CharField(_("how it stands"), max_length=10, choices=Outcome)
    heads = models.PositiveIntegerField(_("people wanted"))
    postings = models.PositiveIntegerField(_("positions"))
    asked_level = models.PositiveSmallIntegerField(
        _("asked for at"), choices=SkillNeed.Level, null=True
    )
    taught_level = models.PositiveSmallIntegerField(
        _("taught to"), choices=SkillNeed.Level, null=True
    )
    hours = models.PositiveIntegerField(_("teaching hours"))
    request = models.ForeignKey(
        "standards.ChangeRequest", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("skill of a comparison")
        ordering = ["-heads", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "number"], name="a_comparison_has_a_skill_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="surplus", heads=0, asked_level=None)
                | Q(outcome__in=["missing", "thin", "covered"], asked_level__isnull=False),
                name="only_surplus_is_not_asked_for",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        snapshot = self.snapshot
        return reverse("gaps:line_detail", args=[snapshot.consortium, snapshot.pk, self.pk])

    @property
    def colour(self) -> str:
        return self.COLOURS[self.outcome]

    @property
    def asking(self) -> list[dict[str, Any]]:
        """The postings that asked for it, the ones with most places first."""
        found = self._sources("postings", "needs")
        return sorted(found, key=lambda row: -row["heads"])

    @property
    def teaching(self) -> list[dict[str, Any]]:
        """The units that taught it."""
        return self._sources("units", "taught")

    def _sources(self, things: str, links: str) -> list[dict[str, Any]]:
        """What the snapshot kept of them, in the reader's language, with the level of each."""
        inputs = self.snapshot.inputs
        known = {thing["id"]: thing for thing in inputs[things]}
        return [
            known[key]
            | {
                name: in_reading_language(known[key][f"{name}_zh"], known[key][f"{name}_en"])
                for name in ("title", "organisation", "standard")
                if f"{name}_zh" in known[key]
            }
            | {"level": SkillNeed.Level(level).label}
            for skill, key, level in inputs[links]
            if skill == self.number
        ]
