"""``silian``: the one command. Everything it does not know itself is Django's."""

import os
import sys
from collections.abc import Callable
from importlib import import_module

from silian.config.catalogues import compile_stale
from silian.config.database import NoDatabase, ensure_database

OURS = {  # each in a module of its own, so that no command waits for what another needs
    "run": ("silian.config.supervisor", "run"),
    "serve": ("silian.config.server", "serve"),
    "worker": ("silian.config.server", "work"),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "silian.config.settings")
    command = OURS.get(sys.argv[1]) if len(sys.argv) > 1 else None
    try:
        if command:
            own(*command)()
        else:
            compile_stale()
            ensure_database()
            from django.core.management import execute_from_command_line  # noqa: PLC0415

            execute_from_command_line(sys.argv)
    except NoDatabase as error:
        sys.exit(f"silian: {error}")


def own(module: str, name: str) -> Callable[[], None]:
    function: Callable[[], None] = getattr(import_module(module), name)
    return function


if __name__ == "__main__":
    main()
