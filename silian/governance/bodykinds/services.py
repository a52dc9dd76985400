"""Keeping kinds: those that ship, and those that a consortium adds."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.forms import BaseModelFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.governance.bodykinds.models import Field, Grade, Kind, Role
from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record

SHIPPED = Path(__file__).parent / "data" / "kinds.toml"
GRADES = [("优秀", "Excellent", False), ("合格", "Passed", False), ("不合格", "Failed", True)]


@transaction.atomic
def ship_kinds() -> None:
    """Bring in ``data/kinds.toml``, or what has changed in it; nothing is removed."""
    for fact in tomllib.loads(SHIPPED.read_text())["kind"]:
        roles, fields = fact.pop("roles"), fact.pop("fields", [])
        kind, _new = Kind.objects.update_or_create(code=fact.pop("code"), defaults=fact)
        for name_zh, name_en, *sole in roles:
            facts = {"name_en": name_en, "sole": bool(sole)}
            Role.objects.update_or_create(kind=kind, name_zh=name_zh, defaults=facts)
        for asked in fields:
            Field.objects.update_or_create(kind=kind, code=asked.pop("code"), defaults=asked)
        for name_zh, name_en, failing in GRADES:
            facts = {"name_en": name_en, "failing": failing}
            Grade.objects.update_or_create(kind=kind, name_zh=name_zh, defaults=facts)


@transaction.atomic
def save_kind(kind: Kind, *, parts: "Iterable[BaseModelFormSet[Any, Any]]", by: User) -> Kind:
    """Keep a consortium's own kind with its roles, questions and grades.

    Raises ValidationError where something is taken away that bodies use.
    """
    assert kind.consortium
    action = gettext_noop("Kind changed") if kind.pk else gettext_noop("Kind added")
    kind.code = kind.code or _free_code(kind.consortium)
    kind.save()
    for rows in parts:
        _save_part(kind, rows)
    record(kind, action, by=by)
    return kind


def _save_part(kind: Kind, rows: "BaseModelFormSet[Any, Any]") -> None:
    rows.instance = kind  # type: ignore[attr-defined]
    rows.save(commit=False)
    for gone in rows.deleted_objects:
        _remove(gone)
    for row in (*rows.new_objects, *(row for row, _changed in rows.changed_objects)):
        if isinstance(row, Field) and not row.code:
            row.code = _free_field(kind)
        row.save()


def _remove(row: Any) -> None:
    in_use = ValidationError(_("Bodies use this already: %(row)s") % {"row": row})
    if isinstance(row, Field) and row.kind.bodies.filter(answers__has_key=row.code).exists():
        raise in_use
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        raise in_use from None


def _free_code(consortium: Consortium) -> str:
    """``<short address>-<number>``; the lock makes whoever else adds a kind wait."""
    Consortium.objects.select_for_update().get(pk=consortium.pk)
    taken = set(consortium.body_kinds.values_list("code", flat=True))
    numbers = range(1, len(taken) + 2)
    return next(code for n in numbers if (code := f"{consortium.slug[:50]}-{n}") not in taken)


def _free_field(kind: Kind) -> str:
    taken = set(kind.fields.values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := f"q{n}") not in taken)
