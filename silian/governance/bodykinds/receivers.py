"""The kinds that ship come in with the tables, and are refreshed by every later migration."""

from typing import Any

from django.db import connection
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from silian.governance.bodykinds.models import Kind
from silian.governance.bodykinds.services import ship_kinds


@receiver(post_migrate, dispatch_uid="bodykinds.ship")
def ship(app_config: Any, **kwargs: Any) -> None:
    """Not where the tables were just taken away."""
    if app_config.label == "bodykinds" and _has_tables():
        ship_kinds()


def _has_tables() -> bool:
    return Kind._meta.db_table in connection.introspection.table_names()
