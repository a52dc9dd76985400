"""What the positions of a hall divide into: kinds, clusters or consortia, places, occupations."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from silian.governance.consortia.models import Cluster, Consortium
from silian.industry.demand.models import Position
from silian.kernel.codes.models import Code
from silian.kernel.ui.facets import Facet, facet, orders

ORDERS = {
    "": _("Newest and confirmed"),
    "-pay": _("Best paid"),
    "starts_on": _("Soonest"),
    "-places": _("Most places"),
    "-confirmed_on": _("Last confirmed"),
}


def facets(filters: FilterSet | None, consortium: Consortium | None = None) -> list[Facet]:
    """By consortium or by its clusters, and by counties here or by cities there."""
    if filters is None:
        return []
    first = (
        facet(filters, "cluster", _("industry cluster"), named_clusters)
        if consortium
        else facet(filters, "consortium", _("consortium"), named_bodies, path="consortium__slug")
    )
    return [
        facet(filters, "kind", _("kind"), named_kinds),
        first,
        facet(
            filters,
            "region",
            _("region"),
            named_codes,
            path="region" if consortium else "region__parent",
        ),
        facet(filters, "occupation", _("occupation"), named_codes),
        orders(filters.request, _("order"), ORDERS),
    ]


def named_kinds(keys: Iterable[Any]) -> Mapping[Any, Any]:
    return dict(Position.Kind.choices)


def named_codes(keys: Iterable[int]) -> dict[int, str]:
    return {code.pk: code.name for code in Code.objects.filter(pk__in=keys)}


def named_clusters(keys: Iterable[int]) -> dict[int, str]:
    return {cluster.pk: cluster.name for cluster in Cluster.objects.filter(pk__in=keys)}


def named_bodies(keys: Iterable[str]) -> dict[str, str]:
    return {body.slug: body.short_name for body in Consortium.objects.filter(slug__in=keys)}
