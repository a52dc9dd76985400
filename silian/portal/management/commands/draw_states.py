"""``silian draw_states``: every life cycle as a table and a diagram, for docs/states.md."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management import BaseCommand
from django.db.models import Model
from django.utils.translation import override


class Command(BaseCommand):
    help = "Print docs/states.md, drawn from the MOVES tables of the models."

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            self.stdout.write("\n".join(document()))


def document() -> Iterator[str]:
    yield "# Life cycles\n"
    yield "Drawn from the `MOVES` tables by `make docs`; a test compares this page with them.\n"
    for model in apps.get_models():
        if hasattr(model, "MOVES"):
            yield from chapter(model)


def chapter(model: type[Model]) -> Iterator[str]:
    states = model.State  # type: ignore[attr-defined]
    first = model._meta.get_field("state").get_default()  # type: ignore[union-attr]
    yield f"## {model._meta.label}\n"
    yield "```mermaid\nstateDiagram-v2"
    yield f"  [*] --> {first}"
    for start, ends in model.MOVES.items():  # type: ignore[attr-defined]
        for end in sorted(ends):
            yield f"  {start} --> {end}"
    yield from (f"  {s} --> [*]" for s in states if s not in model.MOVES)  # type: ignore[attr-defined]
    yield "```\n"
    yield "| state | shown as |\n| --- | --- |"
    yield from (f"| `{state.value}` | {state.label} |" for state in states)
    yield ""
