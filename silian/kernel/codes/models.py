from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual


class CodeList(models.Model):
    """One version of one official list. A code means something only within its list."""

    class Kind(models.TextChoices):
        REGION = "region", _("Region (GB/T 2260)")
        INDUSTRY = "industry", _("Industry (GB/T 4754)")
        OCCUPATION = "occupation", _("Occupation (national classification)")
        PROGRAMME = "programme", _("Programme catalogue of vocational education")

    kind = models.CharField(max_length=20, choices=Kind)
    version = models.CharField(_("version"), max_length=20)  # "2017", "2022"
    source = models.CharField(_("source"), max_length=300)
    licence = models.CharField(_("licence"), max_length=100)
    sha256 = models.CharField(max_length=64)  # of the imported file
    imported_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_list_per_version"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(current=True), name="one_current_list"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class Code(models.Model):
    """One entry of a list: a county, an industry class, an occupation, a programme."""

    list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(_("code"), max_length=20)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    name = Bilingual()
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    level = models.PositiveSmallIntegerField()  # 1 is the top
    full_name_zh = models.CharField(max_length=400, blank=True)  # with its parents
    full_name_en = models.CharField(max_length=400, blank=True)
    full_name = Bilingual()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="one_meaning_per_list")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
