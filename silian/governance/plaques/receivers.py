"""What of the register of plaques can be found."""

from silian.governance.plaques import policy
from silian.governance.plaques.models import Plaque
from silian.kernel.search import services as search

search.index(
    Plaque,
    visible=policy.visible_plaques,
    text=lambda plaque: [plaque.organisation.name_zh, plaque.organisation.name_en],
)
