from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from silian.kernel.search import services


class Command(BaseCommand):
    help = "Write the search index anew, for every kind of object or for those named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", nargs="*", help="such as demand.Position")

    def handle(self, *args: Any, **options: Any) -> None:
        for label in options["kind"] or services.kinds:
            if label not in services.kinds:
                raise CommandError(f"{label} is not indexed. Known: {', '.join(services.kinds)}")
            self.stdout.write(f"{label}: {services.reindex(services.kinds[label].model)} documents")
