from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.schemes.levels import Method, PartKind, SkillLevel

OF_100 = [MinValueValidator(0), MaxValueValidator(100)]


class Scheme(models.Model):
    """How one level is appraised: for an occupation or for all, by one body or by all.

    An appraisal takes a copy when it opens (schemes.terms); what is set later changes none.
    """

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="schemes"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("assessment body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="schemes",
    )
    occupation = models.ForeignKey(
        "codes.Code",
        verbose_name=_("occupation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    level = models.CharField(_("skill level"), max_length=12, choices=SkillLevel)
    source = models.CharField(_("by which standard"), max_length=200, blank=True)
    good = models.DecimalField(
        _("good from"), max_digits=5, decimal_places=2, null=True, blank=True, validators=OF_100
    )
    excellent = models.DecimalField(
        _("excellent from"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=OF_100,
    )
    valid_months = models.PositiveSmallIntegerField(
        _("months for which a passed part counts"), default=24, validators=[MaxValueValidator(120)]
    )
    publicity_days = models.PositiveSmallIntegerField(
        _("working days of publicity"), default=5, validators=[MaxValueValidator(60)]
    )
    appeal_days = models.PositiveSmallIntegerField(
        _("working days to appeal"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    difference = models.DecimalField(
        _("largest difference between experts"),
        max_digits=5,
        decimal_places=2,
        default=10,
        validators=OF_100,
    )

    class Meta:
        verbose_name = _("pass rule")
        ordering = ["level", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "organisation", "occupation", "level"],
                nulls_distinct=False,
                name="one_pass_rule_a_level",
            ),
            models.CheckConstraint(
                condition=Q(excellent=None) | Q(good__isnull=False, excellent__gte=F("good")),
                name="excellent_is_at_least_good",
            ),
            models.CheckConstraint(
                condition=Q(difference__gte=0, difference__lte=100, appeal_days__gte=1),
                name="a_pass_rule_gives_days_to_appeal",
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()

    def get_absolute_url(self) -> str:
        return reverse("schemes:scheme_edit", args=[self.consortium, self.pk])


class Part(models.Model):
    """What has to be taken, how, and what passes."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(_("exam part"), max_length=12, choices=PartKind)
    method = models.CharField(_("method"), max_length=10, choices=Method)
    pass_mark = models.DecimalField(
        _("pass mark"), max_digits=5, decimal_places=2, default=60, validators=OF_100
    )
    judged = models.BooleanField(_("passed or not, without points"), default=False)
    needed = models.BooleanField(_("needed to pass"), default=True)

    class Meta:
        verbose_name = _("part of an appraisal")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "kind"], name="a_part_once_a_scheme"),
            models.CheckConstraint(
                condition=Q(pass_mark__gte=0, pass_mark__lte=100), name="pass_marks_are_of_100"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
