"""How targets are found."""

from django.utils.translation import gettext_lazy as _

from silian.governance.plans import policy
from silian.governance.plans.models import Target
from silian.kernel.search import services as search

search.index(
    Target,
    visible=policy.visible_targets,
    text=lambda target: [target.note, target.task and target.task.title_zh],
    name=_("Yearly targets"),
)
