"""``silian verify_record``: is the record as it was written?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from silian.kernel.audit.chain import verify
from silian.kernel.audit.models import Entry


class Command(BaseCommand):
    help = "Check every entry of the record and its place in the chain; exits with 1 if one is bad."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--expect",
            default="",
            metavar="HASH",
            help="a head of the chain that was kept elsewhere and must still be in it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        finding = verify(options["expect"])
        if not finding.sound:
            raise CommandError(
                f"{finding.fault} {_named(finding.entry)}"
                f"Sound before it: {finding.checked}, head {finding.head}"
            )
        self.stdout.write(f"{finding.checked} entries, all sound. Head: {finding.head}")


def _named(key: int | None) -> str:
    if key is None:
        return ""
    entry = Entry.objects.filter(pk=key).first()
    return f"Entry {key} ({entry}). " if entry else f"Entry {key}. "
