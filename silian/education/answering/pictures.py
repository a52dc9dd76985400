"""Pictures of items, for whoever has the paper open: at an address that nobody can guess."""

from typing import Any

from django.core import signing
from django.urls import reverse

SALT = "silian.answering.picture"


def addressed(paper: dict[str, Any]) -> dict[str, Any]:
    """``paper`` with the address of each picture beside its key."""
    sections = [
        section | {"items": [item | {"content": pictured(item["content"])} for item in items]}
        for section in paper["sections"]
        for items in [section["items"]]
    ]
    return {**paper, "sections": sections}


def pictured(content: dict[str, Any]) -> dict[str, Any]:
    """One item, for those too who mark it."""
    found = dict(content)
    if content.get("media"):
        found["media"] = [one | {"url": _address(one["file"])} for one in content["media"]]
    if "parts" in content:
        found["parts"] = [pictured(part) for part in content["parts"]]
    return found


def _address(file: int) -> str:
    return reverse("answering:picture", args=[signing.dumps(file, salt=SALT)])


def file_of(token: str) -> int | None:
    """The key of the file that ``token`` names."""
    try:
        return int(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        return None
