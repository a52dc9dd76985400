"""A firm is found by what it makes."""

from silian.governance.members.models import Organisation
from silian.kernel.search.services import extend

extend(
    Organisation,
    through="enterprise_profile",
    text=lambda profile: [profile.products_zh, profile.products_en],
)
