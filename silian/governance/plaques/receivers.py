"""What of the register of plaques can be found."""

from django.utils.translation import gettext_lazy as _

from silian.governance.plaques import policy
from silian.governance.plaques.models import Plaque
from silian.kernel.search.services import index

index(
    Plaque,
    visible=policy.visible_plaques,
    text=lambda plaque: [plaque.organisation.name_zh, plaque.organisation.name_en],
    name=_("Plaques"),
)
