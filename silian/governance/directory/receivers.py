"""Organisations can be found by name, code, place and what they do."""

from django.utils.translation import gettext_lazy

from silian.governance.members import policy
from silian.governance.members.models import Organisation
from silian.kernel.search.services import index

index(
    Organisation,
    visible=policy.visible_organisations,
    text=lambda organisation: [
        organisation.short_name_zh,
        organisation.short_name_en,
        organisation.credit_code,
        organisation.school_code,
        organisation.region and organisation.region.full_name_zh,
        organisation.industry and organisation.industry.full_name_zh,
        organisation.about_zh,
        organisation.about_en,
    ],
    name=gettext_lazy("Organisations"),
)
