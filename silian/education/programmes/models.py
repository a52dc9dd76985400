from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def for_lists(self) -> "ProgrammeQuerySet":
        """With the names that every list shows, and the latest figures as ``enrolled`` …"""
        last = YearFigure.objects.filter(programme=OuterRef("pk")).order_by("-year")
        figures = {
            name: Subquery(last.exclude(**{name: None}).values(name)[:1])
            for name in ("enrolled", "graduated")
        }
        rows = self.select_related("school", "code").prefetch_related("clusters__consortium")
        return rows.annotate(**figures)


class Programme(models.Model):
    """What one school trains people for (专业), however many consortia the school belongs to."""

    class Level(models.TextChoices):
        SECONDARY = "secondary", _("Secondary vocational")
        COLLEGE = "college", _("Higher vocational")
        VOCATIONAL_BACHELOR = "vocational_bachelor", _("Vocational bachelor")
        BACHELOR = "bachelor", _("Bachelor")

    school = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("school"),
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    code = models.ForeignKey(
        "codes.Code",
        verbose_name=_("catalogue code"),
        null=True,
        blank=True,  # programmes of universities stand in a catalogue of their own
        on_delete=models.PROTECT,
        related_name="+",
    )
    level = models.CharField(_("level"), max_length=20, choices=Level)
    name_zh = models.CharField(_("name in Chinese"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    name = Bilingual()
    years = models.PositiveSmallIntegerField(_("length, years"), default=3)
    occupations = models.ManyToManyField(
        "codes.Code", verbose_name=_("occupations it trains for"), blank=True, related_name="+"
    )
    clusters = models.ManyToManyField(
        "consortia.Cluster", verbose_name=_("industry clusters"), blank=True, related_name="+"
    )
    opened = models.PositiveSmallIntegerField(_("open since"), null=True, blank=True)
    closed = models.PositiveSmallIntegerField(_("no intake since"), null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        ordering = ["school", "name_zh"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "level", "name_zh"], name="a_school_names_a_programme_once"
            ),
            models.CheckConstraint(
                condition=Q(closed=None) | Q(opened=None) | Q(closed__gte=models.F("opened")),
                name="programmes_close_after_they_open",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programmes:programme_detail", args=[self.school_id, self.pk])

    @property
    def is_open(self) -> bool:
        """Does it take new students this year?"""
        return self.closed is None or self.closed > clock.today().year

    def json_ld(self) -> dict[str, Any]:
        """What a search engine is told: the training as schema.org knows it."""
        facts = {
            "@context": "https://schema.org",
            "@type": "EducationalOccupationalProgram",
            "name": self.name_zh,
            "alternateName": self.name_en,
            "provider": {"@type": "EducationalOrganization", "name": self.school.name_zh},
            "educationalProgramMode": "full-time",
            "timeToComplete": f"P{self.years}Y",
            "educationalCredentialAwarded": self.get_level_display(),
            "programType": self.get_level_display(),
            "identifier": self.code and self.code.code,
            "occupationalCategory": [f"{one.code} {one.name}" for one in self.occupations.all()],
        }
        return {name: fact for name, fact in facts.items() if fact}


class YearFigure(models.Model):
    """How many entered and left a programme in one year, as its school states it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField(_("year"))
    enrolled = models.PositiveIntegerField(_("new students"), null=True, blank=True)
    graduated = models.PositiveIntegerField(_("number of graduates"), null=True, blank=True)

    class Meta:
        verbose_name = _("figure of a year")
        ordering = ["programme", "year"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "year"], name="one_figure_a_year"),
            models.CheckConstraint(
                condition=Q(enrolled__isnull=False) | Q(graduated__isnull=False),
                name="a_figure_of_a_year_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.year}"
