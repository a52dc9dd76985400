"""How a consortium applies what it may choose."""

from collections.abc import Mapping

from silian.governance.agreements.rules import set_rule as keep_setting
from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.talent.statutes.rules import PREFIX, Rule


def set_rule(
    consortium: Consortium, rule: Rule, *, by: User, level: str, numbers: Mapping[str, int]
) -> None:
    """Let ``consortium`` apply a configurable rule in its own way from now on."""
    keep_setting(consortium, rule, by=by, level=level, numbers=numbers, prefix=PREFIX)
