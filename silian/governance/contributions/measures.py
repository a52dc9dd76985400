"""What can be given, and how each kind is counted."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui import formats


class Kind(models.TextChoices):
    MONEY = "money", _("Money")
    EQUIPMENT = "equipment", _("Equipment")
    HOURS = "hours", _("Working hours")
    PLACES = "places", _("Places")  # for interns and trainees
    SPACE = "space", _("Space")


class Unit(models.TextChoices):
    """What is counted. A gift in kind keeps its own unit: nothing is turned into money."""

    YUAN = "yuan", _("yuan")
    ITEMS = "items", _("items")
    HOURS = "hours", _("hours")
    PLACES = "places", _("places")
    SQUARE_METRES = "m2", _("m²")


WHOLE = (Unit.ITEMS, Unit.PLACES)
MEASURES = [  # what a form offers: a kind in one of its units
    ("money:yuan", _("Money, in yuan")),
    ("equipment:yuan", _("Equipment, its value in yuan")),
    ("equipment:items", _("Equipment, in items")),
    ("hours:hours", _("Working hours")),
    ("places:places", _("Places for interns or trainees")),
    ("space:m2", _("Space, in m²")),
]


def quantity(amount: Decimal, unit: str) -> str:
    """An amount as its reader writes it."""
    if unit == Unit.YUAN:
        return formats.money(amount)
    return f"{formats.number(amount)} {Unit(unit).label}"
