from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Release(models.Model):
    """What the members of a consortium need in one year, in one version (人才需求发布).

    What is published never changes: a correction is a new version with its reason.
    """

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
        "consortia.Consortium", on_delete=models.PROTECT, related_name="releases"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    starts_on = models.DateField(_("counted from"))
    ends_on = models.DateField(_("counted to"))
    foreword_zh = models.TextField(_("foreword in Chinese"), blank=True)
    foreword_en = models.TextField(_("foreword in English"), blank=True)
    foreword = Bilingual()
    source = models.CharField(  # empty: the positions that members stated here
        _("where the figures come from"), max_length=200, blank=True
    )
    reason = models.CharField(_("why it was corrected"), max_length=300, blank=True)
    firms = models.PositiveIntegerField(_("employers"), null=True, blank=True)
    positions = models.PositiveIntegerField(_("positions"), null=True, blank=True)
    counted_at = models.DateTimeField(_("counted at"), default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)  # SHA-256 of its data

    class Meta:
        verbose_name = _("demand release")
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "year", "version"],
                condition=~Q(state="dropped"),
                name="one_release_a_version",
            ),
            models.UniqueConstraint(
                fields=["consortium", "year"],
                condition=Q(state="published"),
                name="one_release_counts_for_a_year",
            ),
            models.UniqueConstraint(
                fields=["consortium", "year"],
                condition=Q(state="draft"),
                name="one_draft_release_a_year",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="releases_count_forwards"
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="corrected_releases_say_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced"])
                | (Q(published_at__isnull=False) & ~Q(digest="")),
                name="published_releases_are_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("releases:release_detail", args=[self.consortium, self.pk])


class Line(models.Model):
    """What was needed of one occupation. Pay that would betray one firm is not kept at all."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="lines")
    occupation = models.ForeignKey(
        "codes.Code", verbose_name=_("occupation"), on_delete=models.PROTECT, related_name="+"
    )
    places = models.PositiveIntegerField(_("head count"))
    positions = models.PositiveIntegerField(_("positions"), null=True, blank=True)
    firms = models.PositiveIntegerField(_("employers"), null=True, blank=True)
    pay_lower = models.PositiveIntegerField(_("lower quartile of pay"), null=True, blank=True)
    pay_median = models.PositiveIntegerField(_("median pay"), null=True, blank=True)
    pay_upper = models.PositiveIntegerField(_("upper quartile of pay"), null=True, blank=True)
    pay_hidden = models.BooleanField(_("pay is not shown"), default=False)
    education = models.JSONField(_("education"), default=dict, blank=True)  # level: head count
    kinds = models.JSONField(_("kind"), default=dict, blank=True)  # kind: head count
    regions = models.JSONField(_("region"), default=dict, blank=True)  # code: head count
    mastery = models.FloatField(_("mean mastery of skills"), null=True, blank=True)  # 1 to 4
    judged = models.PositiveIntegerField(_("positions old enough to judge"), default=0)
    lingering = models.PositiveIntegerField(_("still open after two months"), default=0)
    reposted = models.PositiveIntegerField(_("stated again"), default=0)
    remark = models.CharField(_("changed by hand because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of a release")
        ordering = ["-places", "occupation"]
        constraints = [
            models.UniqueConstraint(fields=["release", "occupation"], name="an_occupation_a_line"),
            models.CheckConstraint(
                condition=Q(pay_lower=None, pay_median=None, pay_upper=None)
                | Q(
                    pay_hidden=False,
                    pay_lower__lte=F("pay_median"),
                    pay_median__lte=F("pay_upper"),
                ),
                name="quartiles_are_in_order_or_absent",
            ),
            models.CheckConstraint(
                condition=Q(judged__gte=F("lingering") + F("reposted")),
                name="only_judged_positions_linger",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occupation}: {self.places}"

    @property
    def hard_to_fill(self) -> float | None:
        """The share that stayed open or was stated again; None where none is old enough."""
        return (self.lingering + self.reposted) / self.judged if self.judged else None

    @property
    def mean_education(self) -> float | None:
        """The mean level that is asked for, by head count; None where nothing was said of it."""
        asked = {int(level): count for level, count in self.education.items()}
        total = sum(asked.values())
        return sum(level * count for level, count in asked.items()) / total if total else None
