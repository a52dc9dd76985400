"""A name that notes being read, so that no page can show somebody without it being known."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute


@dataclass
class Reading:
    """Whose names were read while one request is answered."""

    names: dict[int, set[str]] = field(default_factory=dict)  # by key of the person
    told: set[int] = field(default_factory=set)  # noted already by the view itself


reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


class _Noted(DeferredAttribute):
    def __get__(self, instance: Any, cls: Any = None) -> Any:
        name = super().__get__(instance, cls)
        now = reading.get()
        if now is not None and instance is not None and name and (key := _person_of(instance)):
            now.names.setdefault(key, set()).add(name)
        return name

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


def _person_of(row: Any) -> int | None:
    """The key of the person: whom the row belongs to, or the row itself; None of an unsaved one."""
    key: int | None = getattr(row, "person_id", None) or row.pk
    return key


class NameField(models.CharField):  # type: ignore[type-arg]
    """The name of a person, or of what belongs to one by ``person``."""

    descriptor_class = _Noted

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
