"""``silian appoint NAME``: the first security administrator, who appoints the others."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from silian.kernel.accounts.models import User
from silian.kernel.people import services


class Command(BaseCommand):
    help = "Make an account the security administrator, once: there must be none yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        duty = User.Duty.SECURITY
        if User.objects.filter(duty=duty, is_active=True).exists():
            raise CommandError("There is a security administrator already: ask them.")
        person = User.objects.filter(username=options["username"]).first()
        if not person:
            raise CommandError(f"There is no account {options['username']!r}.")
        services.assign_duty(person, duty, by=None, why="first appointment, by command")
