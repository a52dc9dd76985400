"""What this app tells the kernel."""

from silian.governance.roles.policy import secretariats_of
from silian.kernel.accounts import policy
from silian.kernel.accounts.models import User


@policy.second_factor_group("secretariats")
def is_secretary_somewhere(user: User) -> bool:
    return bool(secretariats_of(user))
