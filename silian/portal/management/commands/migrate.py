"""``silian migrate``: as Django's, but an empty database gets its tables at once.

Step by step, Django renders every related model anew for each operation: half a minute for a
schema of this size, at every first start and for every test database. ``--stepwise`` does it all
the same; ``tests/test_schema.py`` compares what the two ways leave behind.
"""

from typing import Any

from django.apps import apps
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation
from django.db.migrations.state import ProjectState


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--stepwise", action="store_true", help="Apply every migration, even to nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        partly = ("app_label", "stepwise", "plan", "check_unapplied", "fake", "fake_initial")
        if not any(options[name] for name in partly):
            create_schema(connections[options["database"]])
        super().handle(*args, **options)


def create_schema(connection: BaseDatabaseWrapper) -> None:
    """In an empty database, every table as the last migration leaves it."""
    executor = MigrationExecutor(connection)
    if executor.loader.applied_migrations:
        return
    graph = executor.loader.graph
    others = [leaf for leaf in graph.leaf_nodes() if not is_ours(leaf[0])]
    executor.migrate(others)  # of our own, only what these depend on
    executor.loader.build_graph()
    final = executor.loader.project_state()
    with connection.schema_editor(atomic=True) as editor:
        for migration, _backwards in executor.migration_plan(graph.leaf_nodes()):
            apply(migration, editor, final)
            executor.recorder.record_applied(migration.app_label, migration.name)


def is_ours(label: str) -> bool:
    return apps.get_app_config(label).name.startswith("silian.")


def apply(migration: Migration, editor: BaseDatabaseSchemaEditor, final: ProjectState) -> None:
    """A model is created with all that it ever got; triggers and extensions come in their order."""
    for operation in migration.operations:
        if not isinstance(operation, FieldOperation | IndexOperation):
            operation.database_forwards(migration.app_label, editor, final, final)
