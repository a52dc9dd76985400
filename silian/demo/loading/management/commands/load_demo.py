"""``silian load_demo``: the five bodies, once; ``--reset`` throws everything away first."""

from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

from silian.demo.loading import services
from silian.governance.consortia.models import Consortium
from silian.kernel.search.services import left_to_reindex


def empty_database() -> None:
    """Drop and remake every table: the record refuses to be emptied in any gentler way."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    call_command("createcachetable")


class Command(BaseCommand):
    help = "Load the demo: five bodies side by side, the same ones for the same seed and day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="delete ALL data first")
        parser.add_argument("--scale", choices=["bodies", "region"], default="bodies")
        parser.add_argument("--seed", type=int, default=services.SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reset"]:
            empty_database()
        elif Consortium.objects.exists():
            raise CommandError("There are consortia already; --reset deletes all data first.")
        call_command("load_codes", verbosity=0)
        with left_to_reindex():
            services.load_demo(options["seed"], region=options["scale"] == "region")
        call_command("reindex", stdout=StringIO())
