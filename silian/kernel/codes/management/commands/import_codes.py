from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from silian.kernel.codes.imports import BadList, Origin, import_list
from silian.kernel.codes.models import CodeList


class Command(BaseCommand):
    help = "Import one version of an official list from a CSV file; a new version comes into use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=CodeList.Kind.values)
        parser.add_argument("version", help="such as 2022")
        parser.add_argument("file", type=Path, help="columns: code,name_zh[,parent,level,name_en]")
        parser.add_argument("--source", required=True, help="where the file comes from, in Chinese")
        parser.add_argument("--source-en", default="", help="the same in English")
        parser.add_argument("--licence", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            origin = Origin(options["source"], options["source_en"], options["licence"])
            codes = import_list(options["kind"], options["version"], content, origin)
        except (OSError, BadList) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{codes.kind} {codes.version}: {codes.codes.count()} codes")
