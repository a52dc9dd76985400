from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Policy(models.Model):
    """An insurance of interns that a school or a unit has bought, for one or for many of them."""

    class Kind(models.TextChoices):
        LIABILITY = "liability", _("Internship liability insurance")  # 学生实习责任保险
        ACCIDENT = "accident", _("Accident insurance")

    holder = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("bought by"),
        on_delete=models.PROTECT,
        related_name="intern_policies",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.LIABILITY)
    insurer = models.CharField(_("insurer"), max_length=100)
    number = models.CharField(_("policy number"), max_length=60)
    starts_on = models.DateField(_("covers from"))
    ends_on = models.DateField(_("covers until"))  # the last day covered
    scan = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("insurance policy")
        ordering = ["-ends_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="policies_end_after_they_start"
            ),
            models.UniqueConstraint(fields=["insurer", "number"], name="a_policy_is_entered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.insurer} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("safeguards:policy_edit", args=[self.holder_id, self.pk])


class SiteCheck(models.Model):
    """What a school found when it looked at a unit on the spot, and until when that counts."""

    class Result(models.TextChoices):
        FIT = "fit", _("Fit for interns")
        FIT_IF = "fit_if", _("Fit once the findings are mended")
        UNFIT = "unfit", _("Not fit")

    school = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("school"),
        on_delete=models.PROTECT,
        related_name="site_checks",
    )
    unit = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="checked_sites",
    )
    checked_on = models.DateField(_("checked on"))
    valid_until = models.DateField(_("counts until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checkers = models.CharField(_("who was there"), max_length=200)
    findings = models.TextField(
        _("findings: qualification, place, safety, dormitory, canteen, harmful work")
    )
    result = models.CharField(_("result"), max_length=10, choices=Result, default=Result.FIT)
    at = models.DateTimeField(_("entered"), default=clock.now)

    class Meta:
        verbose_name = _("check on site")
        ordering = ["-checked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("checked_on")), name="a_check_counts_for_a_while"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.checked_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("safeguards:check_edit", args=[self.school_id, self.pk])
