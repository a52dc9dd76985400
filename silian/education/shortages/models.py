from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Setting(models.Model):
    """The weights and levels that a consortium chose, in percent; the newest counts."""

    KEYS = "ratio fill pay education mastery".split()

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.CASCADE, related_name="shortage_settings"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    ratio = models.PositiveSmallIntegerField(_("weight of demand for each graduate"))
    fill = models.PositiveSmallIntegerField(_("weight of the difficulty to fill"))
    pay = models.PositiveSmallIntegerField(_("weight of the pressure on pay"))
    education = models.PositiveSmallIntegerField(_("weight of the education asked for"))
    mastery = models.PositiveSmallIntegerField(_("weight of the mastery asked for"))
    mild = models.PositiveSmallIntegerField(_("mild shortage from"))
    moderate = models.PositiveSmallIntegerField(_("moderate shortage from"))
    severe = models.PositiveSmallIntegerField(_("severe shortage from"))
    reason = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("formula of a consortium")
        ordering = ["consortium", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["consortium", "number"], name="one_setting_a_number"),
            models.CheckConstraint(
                condition=Q(
                    ratio=100 - F("fill") - F("pay") - F("education") - F("mastery"),
                ),
                name="weights_sum_to_a_hundred",
            ),
            models.CheckConstraint(
                condition=Q(mild__lt=F("moderate"), moderate__lt=F("severe"), severe__lte=100),
                name="levels_rise",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="settings_have_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def weights(self) -> dict[str, int]:
        return {key: getattr(self, key) for key in self.KEYS}


class Catalogue(models.Model):
    """Which occupations are short in a year, in one version. A published one never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        REPLACED = "replaced", _("Replaced")
        DROPPED = "dropped", _("Discarded")

    MOVES = {
        State.DRAFT: {State.PUBLISHED, State.DROPPED},
        State.PUBLISHED: {State.REPLACED},
    }
    STATE_COLOURS = {"draft": "azure", "published": "green", "replaced": "secondary"}
    PUBLIC = (State.PUBLISHED, State.REPLACED)

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="shortage_catalogues"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    release = models.ForeignKey(  # where the demand comes from
        "releases.Release",
        verbose_name=_("demand release"),
        on_delete=models.PROTECT,
        related_name="catalogues",
    )
    supply_year = models.PositiveSmallIntegerField(_("graduates of"), null=True, blank=True)
    formula = models.JSONField(_("formula"))  # with its version, as it was applied
    foreword_zh = models.TextField(_("foreword in Chinese"), blank=True)
    foreword_en = models.TextField(_("foreword in English"), blank=True)
    foreword = Bilingual()
    reason = models.CharField(_("why it was corrected"), max_length=300, blank=True)
    computed_at = models.DateTimeField(_("computed"), default=clock.now)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)  # SHA-256 of its data

    class Meta:
        verbose_name = _("shortage catalogue")
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "year", "version"],
                condition=~Q(state="dropped"),
                name="one_catalogue_a_version",
            ),
            models.UniqueConstraint(
                fields=["consortium", "year"],
                condition=Q(state="published"),
                name="one_catalogue_counts_for_a_year",
            ),
            models.UniqueConstraint(
                fields=["consortium", "year"],
                condition=Q(state="draft"),
                name="one_draft_catalogue_a_year",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="corrected_catalogues_say_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced"])
                | (Q(published_at__isnull=False) & ~Q(digest="")),
                name="published_catalogues_are_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("shortages:catalogue_detail", args=[self.consortium, self.pk])


class Entry(models.Model):
    """One occupation: its figures, what the formula made of them, and what counts in the end."""

    class Level(models.IntegerChoices):
        NONE = 0, _("Not short")
        MILD = 1, _("Mild shortage")
        MODERATE = 2, _("Moderate shortage")
        SEVERE = 3, _("Severe shortage")

    LEVEL_COLOURS = {0: "secondary", 1: "yellow", 2: "orange", 3: "red"}

    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="entries")
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    demand = models.PositiveIntegerField(_("demand"))
    graduates = models.PositiveIntegerField(_("number of graduates"), null=True, blank=True)
    facts = models.JSONField(default=dict)  # the figures behind the dimensions
    parts = models.JSONField(default=list)  # of each dimension: figure, score, weight
    index = models.FloatField(_("index"), null=True, blank=True)  # None: too little is known
    computed_stars = models.PositiveSmallIntegerField(default=0)
    computed_level = models.PositiveSmallIntegerField(choices=Level, default=Level.NONE)
    stars = models.PositiveSmallIntegerField(_("stars"), default=0)  # after adjustments
    level = models.PositiveSmallIntegerField(
        _("degree of shortage"), choices=Level, default=Level.NONE
    )

    class Meta:
        verbose_name = _("entry of a catalogue")
        ordering = ["-level", F("index").desc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["catalogue", "occupation"], name="an_occupation_an_entry"
            ),
            models.CheckConstraint(
                condition=Q(index=None, computed_stars=0, computed_level=0)
                | Q(index__gte=0, index__lte=1, computed_stars__gte=1),
                name="stars_come_with_an_index",
            ),
            models.CheckConstraint(
                condition=Q(stars__lte=5, computed_stars__lte=5), name="at_most_five_stars"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occupation} {self.shown_stars}"

    def get_absolute_url(self) -> str:
        return reverse("shortages:entry_detail", args=[self.catalogue.consortium, self.pk])

    @property
    def shown_stars(self) -> str:
        return "★" * self.stars if self.stars else "—"

    @property
    def level_colour(self) -> str:
        return self.LEVEL_COLOURS[self.level]

    @property
    def adjusted(self) -> bool:
        return (self.stars, self.level) != (self.computed_stars, self.computed_level)


class Adjustment(models.Model):
    """Experts put an entry elsewhere than the formula did; the reason stays visible."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="adjustments")
    stars_before = models.PositiveSmallIntegerField()
    level_before = models.PositiveSmallIntegerField(choices=Entry.Level)
    stars = models.PositiveSmallIntegerField(_("stars"))
    level = models.PositiveSmallIntegerField(_("degree of shortage"), choices=Entry.Level)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("adjustment")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="adjusted_to_one_to_five_stars"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustments_have_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
