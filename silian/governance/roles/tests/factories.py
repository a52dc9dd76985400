"""Roles and the sides they are held in. Those apps lie above this one: asked for by name."""

from itertools import count
from typing import Any

from django.apps import apps

from silian.governance.roles.models import Role
from silian.kernel.accounts.tests.factories import make_user

numbers = count(1)


def make_organisation(**fields: object) -> Any:
    number = next(numbers)
    facts = {"kind": "enterprise", "name_zh": f"单位{number}", "name_en": f"Unit {number}"}
    return apps.get_model("members.Organisation").objects.create(**(facts | fields))


def make_consortium(**fields: object) -> Any:
    number = next(numbers)
    facts = {"kind": "municipal", "slug": f"union-{number}", "short_name_zh": f"联合{number}"}
    facts |= {"name_zh": f"联合体{number}", "name_en": f"Union {number}"}
    return apps.get_model("consortia.Consortium").objects.create(**(facts | fields))


def make_role(kind: str, **fields: object) -> Role:
    return Role.objects.create(**({"user": make_user(), "kind": kind} | fields))
