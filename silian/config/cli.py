"""``silian``: the one command. Everything it does not know itself is Django's."""

import os
import sys

from silian.config.catalogues import compile_stale
from silian.config.database import NoDatabase, ensure_database


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "silian.config.settings")
    compile_stale()
    try:
        ensure_database()
    except NoDatabase as error:
        sys.exit(f"silian: {error}")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
