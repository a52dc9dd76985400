"""How motions are found."""

from django.utils.translation import gettext_lazy as _

from silian.governance.motions import policy
from silian.governance.motions.models import Motion
from silian.kernel.search import services as search

search.index(
    Motion,
    visible=policy.visible_motions,
    text=lambda motion: [motion.text_zh, motion.text_en],
    name=_("Motions"),
)
