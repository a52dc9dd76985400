from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


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


class YearFigure(models.Model):
    """How many entered and left a programme in one year, as its school states it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField(_("year"))
    enrolled = models.PositiveIntegerField(_("new students"), null=True, blank=True)
    graduated = models.PositiveIntegerField(_("graduates"), null=True, blank=True)

    class Meta:
        verbose_name = _("figure of a year")
        ordering = ["programme", "year"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "year"], name="one_figure_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.year}"
