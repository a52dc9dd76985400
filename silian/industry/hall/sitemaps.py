"""What search engines should read: the halls and the page of every published position."""

from datetime import date
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.industry.demand.models import Position
from silian.industry.hall import policy


class Halls(Sitemap):  # type: ignore[type-arg]
    changefreq = "daily"

    def items(self) -> list[Consortium | None]:
        return [None, *Consortium.objects.all()]

    def location(self, item: Consortium | None) -> str:
        return reverse("hall:hall", args=[item]) if item else reverse("hall:everywhere")


class Positions(Sitemap):  # type: ignore[type-arg]
    limit = 10_000

    def items(self) -> QuerySet[Position]:
        return policy.visible_postings().filter(lowered_on=None).order_by("pk")

    def lastmod(self, item: Position) -> date | None:
        return item.confirmed_on


SECTIONS: dict[str, Any] = {"halls": Halls, "positions": Positions}
