from collections.abc import Iterator
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.bilingual import Bilingual

RESERVED_SLUGS = frozenset(
    "accounts admin api codes demand files i18n invitations jobs livez me notices organisations "
    "plaques readyz roles search sheets sit static system ui verify".split()
)


class Consortium(models.Model):
    """The tenant: a body in which parks, schools, firms and government departments join."""

    class Kind(models.TextChoices):
        MUNICIPAL = "municipal", _("Municipal industry-education consortium")
        COMMUNITY = "community", _("Industry-education community of a sector")
        COLLEGE = "college", _("Industry college")
        ALLIANCE = "alliance", _("Alliance")

    slug = models.SlugField(
        _("short address"),
        unique=True,
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]+$", _("Small letters, digits and hyphens."))],
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    parent = models.ForeignKey(
        "self", verbose_name=_("belongs to"), null=True, blank=True, on_delete=models.PROTECT
    )
    name_zh = models.CharField(_("name in Chinese"), max_length=200, unique=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name = Bilingual()
    short_name_zh = models.CharField(_("short name in Chinese"), max_length=40)
    short_name_en = models.CharField(_("short name in English"), max_length=60, blank=True)
    short_name = Bilingual()
    purpose_zh = models.TextField(_("purpose in Chinese"), blank=True)
    purpose_en = models.TextField(_("purpose in English"), blank=True)
    purpose = Bilingual()
    region = models.ForeignKey(
        "codes.Code", verbose_name=_("region"), null=True, blank=True, on_delete=models.PROTECT
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)

    class Meta:
        verbose_name = _("consortium")
        verbose_name_plural = _("consortia")
        ordering = ["founded_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug__in=sorted(RESERVED_SLUGS)), name="slug_is_not_reserved"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("consortia:about", args=[self])

    def leading(self) -> list[Any]:
        """Memberships of guiding bodies and lead units, part by part."""
        found = self.memberships.filter(state="admitted").exclude(part="member")
        in_order = list(self.memberships.model.Part)
        return sorted(
            found.select_related("organisation").order_by("pk"),
            key=lambda membership: in_order.index(membership.part),
        )

    def cluster_tree(self) -> "list[Cluster]":
        """The industry clusters, each before its branches, with its ``depth`` (0 at the top)."""
        below: dict[int | None, list[Cluster]] = {}
        for cluster in self.clusters.all():
            below.setdefault(cluster.parent_id, []).append(cluster)

        def walk(parent: int | None, depth: int) -> "Iterator[Cluster]":
            for cluster in below.get(parent, []):
                cluster.depth = depth
                yield cluster
                yield from walk(cluster.pk, depth + 1)

        return list(walk(None, 0))


class Cluster(models.Model):
    """An industry cluster of the place, on which demand, bodies and programmes hang (I4)."""

    consortium = models.ForeignKey(Consortium, on_delete=models.CASCADE, related_name="clusters")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    name_zh = models.CharField(_("name in Chinese"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name = Bilingual()
    order = models.PositiveSmallIntegerField(default=0)
    depth = 0  # below the top; Consortium.cluster_tree sets it

    class Meta:
        verbose_name = _("industry cluster")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["consortium", "name_zh"], name="one_cluster_per_name")
        ]

    def __str__(self) -> str:
        return self.name

    def is_used(self) -> bool:
        """Does anything stand on this cluster, whichever app it belongs to?"""
        links = self._meta.get_fields(include_hidden=True)
        return any(
            link.related_model._base_manager.filter(**{link.field.name: self}).exists()
            for link in links
            if isinstance(link, models.ManyToOneRel)
        )


class Figure(models.Model):
    """A number the consortium states about itself, with its source: not counted by Silian."""

    consortium = models.ForeignKey(Consortium, on_delete=models.CASCADE, related_name="figures")
    label_zh = models.CharField(_("label in Chinese"), max_length=100)
    label_en = models.CharField(_("label in English"), max_length=100, blank=True)
    label = Bilingual()
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    at_least = models.BooleanField(_("at least this value"), default=False)
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(_("as of"))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("stated figure")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"
