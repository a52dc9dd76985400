"""Who changes the units of an edition: whoever writes it."""

from django.db.models import QuerySet

from silian.education.authoring.policy import may_write
from silian.education.standards.models import Edition, Unit

__all__ = ["may_write", "visible_units"]


def visible_units(edition: Edition) -> QuerySet[Unit]:
    """The units of an edition that the reader was found to see."""
    return edition.units.select_related("edition__standard__programme")
