"""What the demo answers when the sign-in page asks whom to sign in as."""

from silian.demo.services import accounts
from silian.kernel.accounts import demo_accounts

demo_accounts.source(accounts)
