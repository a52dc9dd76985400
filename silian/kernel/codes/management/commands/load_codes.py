from typing import Any

from django.core.management.base import BaseCommand

from silian.kernel.codes.imports import load_shipped


class Command(BaseCommand):
    help = "Load the lists of codes that Silian ships; does nothing where they are loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        for codes in load_shipped():
            self.stdout.write(f"{codes.kind} {codes.version}: {codes.codes.count()} codes")
