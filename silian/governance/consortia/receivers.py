"""What can be found of consortia, and by whom."""

from django.utils.translation import gettext_lazy as _

from silian.governance.consortia import policy
from silian.governance.consortia.models import Consortium
from silian.kernel.search.services import index

index(
    Consortium,
    visible=policy.visible_consortia,
    text=lambda consortium: [
        consortium.short_name_zh,
        consortium.short_name_en,
        consortium.purpose_zh,
        consortium.purpose_en,
    ],
    consortium=lambda consortium: consortium.slug,
    name=_("Consortia"),
)
