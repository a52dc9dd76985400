from typing import Any

from django.core.management.base import BaseCommand

from silian.kernel.vault import keepers


class Command(BaseCommand):
    help = (
        "Seal identity numbers and private keys with the secret key in use, after it was changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sum(keep() for keep in keepers)}")
