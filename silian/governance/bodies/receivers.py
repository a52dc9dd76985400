"""What can be found of bodies, and by whom."""

from django.utils.translation import gettext_lazy as _

from silian.governance.bodies import policy
from silian.governance.bodies.models import Body
from silian.kernel.search.services import index

index(
    Body,
    visible=policy.visible_bodies,
    text=lambda body: [body.host, body.about_zh, body.about_en],
    name=_("Bodies"),
)
