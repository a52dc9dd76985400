"""What can be found of agreements, and by whom."""

from django.utils.translation import gettext_lazy as _

from silian.governance.agreements import policy
from silian.governance.agreements.models import Agreement
from silian.kernel.search.services import index

index(
    Agreement,
    visible=policy.visible_agreements,
    text=lambda agreement: [
        *(party.name_zh for party in agreement.parties.all()),
        agreement.summary_zh,
        agreement.summary_en,
    ],
    name=_("Agreements"),
)
