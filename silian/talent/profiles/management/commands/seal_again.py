from typing import Any

from django.core.management.base import BaseCommand

from silian.talent.profiles.services import seal_again


class Command(BaseCommand):
    help = "Seal identity numbers with the secret key in use, after it was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seal_again()}")
