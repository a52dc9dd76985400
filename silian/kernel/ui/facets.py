"""Facets of a list: what its rows divide into, how many of each, and the address that shows them.

Each facet is counted with all filters that are on except its own. A page puts them into
``<div id="facets">{% include "ui/facets.html" %}</div>``, which follows the filters.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django_filters import FilterSet

Names = Callable[[Iterable[Any]], Mapping[Any, Any]]  # of keys, what each is called
MOST = 10  # choices of one facet


@dataclass(frozen=True)
class Choice:
    label: Any
    url: str
    count: int | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    label: Any
    choices: list[Choice]


def facet(filters: FilterSet, param: str, label: Any, names: Names, *, path: str = "") -> Facet:
    """The values of ``path`` (by default ``param``) that occur most, with their counts."""
    request = filters.request
    others = request.GET.copy()
    others.pop(param, None)
    rows = type(filters)(others, filters.queryset, request=request).qs.order_by()
    found = rows.values_list(path or param).annotate(n=Count("pk")).order_by("-n", path or param)
    counts = {key: count for key, count in found[: MOST + 1] if key not in (None, "")}
    words, on = names(counts), set(request.GET.getlist(param))
    choices = [
        Choice(
            words[key],
            address(request, param, None if str(key) in on else key),
            count,
            str(key) in on,
        )
        for key, count in list(counts.items())[:MOST]
        if key in words
    ]
    return Facet(label, choices)


def orders(request: HttpRequest, label: Any, names: Mapping[str, Any]) -> Facet:
    """The orders in which the list can stand, for phones, where no column heads can be pressed."""
    now = request.GET.get("sort", "")
    choices = [
        Choice(name, address(request, "sort", key or None), chosen=key == now)
        for key, name in names.items()
    ]
    return Facet(label, choices)


def address(request: HttpRequest, param: str, value: Any) -> str:
    """The page with ``param`` set, or without it, from the first page on."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop(param, None)
    if value is not None:
        query[param] = str(value)
    return f"?{query.urlencode()}"
