"""What the demo tells the sign-in page."""

from collections.abc import Iterator

from silian.demo import services
from silian.kernel.accounts import demo_accounts
from silian.kernel.accounts.demo_accounts import DemoAccount


@demo_accounts.source
def accounts_to_try() -> Iterator[DemoAccount]:
    for account in services.accounts():
        yield DemoAccount(
            account.username, account.password, account.name, account.role, account.body
        )
