"""What the demo answers when the sign-in page asks whom to sign in as."""

from collections.abc import Iterable

from silian.kernel.accounts import demo_accounts
from silian.kernel.accounts.demo_accounts import DemoAccount


@demo_accounts.source
def accounts() -> Iterable[DemoAccount]:
    from silian.demo.loading import services  # noqa: PLC0415  the whole demo, which no other start needs

    return services.accounts()
