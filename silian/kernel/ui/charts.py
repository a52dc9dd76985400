"""What a page says about a chart: its figures and how they are meant, nothing of its looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Figure = int | float | None
Kind = Literal["bar", "stacked", "across", "line", "pie"]


@dataclass(frozen=True)
class Chart:
    """``series`` maps a name to one figure a label; a pie has one series.

    The page also carries the same figures as a table, for readers who do not see charts.
    """

    title: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[Figure]]
    kind: Kind = "bar"
    unit: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """What the script on the page draws."""
        series = [{"name": str(name), "data": list(row)} for name, row in self.series.items()]
        labels = [str(label) for label in self.labels]
        return {"kind": self.kind, "unit": str(self.unit), "labels": labels, "series": series}

    @property
    def rows(self) -> list[tuple[str, list[Figure]]]:
        """The table: one row a label."""
        columns = list(self.series.values())
        return [(label, [c[i] for c in columns]) for i, label in enumerate(self.labels)]
