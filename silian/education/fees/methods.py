"""Ways to pay online; an adapter is like ``Method``. Without one, money comes in as it always did
and the organiser enters it.

``SILIAN_PAYMENT_METHODS`` names them: ``wechat=package.module.Class``, several with commas. When
the money has arrived, the adapter's own view calls ``fees.services.receive``.
"""

from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from silian.education.enrolments.models import Enrolment


class Method(Protocol):
    label: str  # its name, as people know it

    def begin(self, enrolment: Enrolment, amount: Decimal, *, back: str) -> str:
        """The address at which this amount is paid; ``back`` is where the payer returns to."""
        ...


def known() -> dict[str, Method]:
    """The methods of this installation, by key."""
    return {key: import_string(path)() for key, path in settings.PAYMENT_METHODS.items()}
