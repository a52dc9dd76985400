from collections.abc import Sequence

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

    kind = models.CharField(_("list"), max_length=20, choices=Kind)
    version = models.CharField(_("version"), max_length=20)  # "2017", "2022"
    source_zh = models.CharField(_("source in Chinese"), max_length=300)
    source_en = models.CharField(_("source in English"), max_length=300, blank=True)
    source = Bilingual()
    licence = models.CharField(_("licence"), max_length=100)
    sha256 = models.CharField(max_length=64)  # of the imported file
    imported_at = models.DateTimeField(_("imported"))
    current = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_list_per_version"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(current=True), name="one_current_list"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class CodeQuerySet(models.QuerySet["Code"]):
    def current(self, kind: str) -> "CodeQuerySet":
        """The entries of the version in use."""
        return self.filter(list__kind=kind, list__current=True)

    def choosable(self, min_level: int) -> "CodeQuerySet":
        """Entries at ``min_level`` or below it, and those above it that nothing is below."""
        below = Code.objects.filter(parent=models.OuterRef("pk"))
        return self.filter(models.Q(level__gte=min_level) | ~models.Exists(below))

    def under(self, code: "Code") -> "CodeQuerySet":
        """``code`` itself and whatever lies below it; lists have at most four levels."""
        paths = ("pk", "parent", "parent__parent", "parent__parent__parent")
        above = [models.Q(**{path: code.pk}) for path in paths]
        return self.filter(above[0] | above[1] | above[2] | above[3])


class Code(models.Model):
    """One entry of a list: a county, an industry class, an occupation, a programme."""

    list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(_("code"), max_length=20)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name = Bilingual()
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    level = models.PositiveSmallIntegerField(_("level"))  # 1 is the top
    full_name_zh = models.CharField(max_length=400, blank=True)  # with its parents
    full_name_en = models.CharField(max_length=400, blank=True)
    full_name = Bilingual()
    marks = models.CharField(_("marks"), max_length=10, blank=True)  # L green, S digital occupation

    objects = CodeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="one_meaning_per_list")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def ancestors(self) -> Sequence["Code"]:
        """What this entry belongs to, from the top down."""
        return [*self.parent.ancestors(), self.parent] if self.parent else []
