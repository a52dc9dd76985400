"""The menu that every page shows; names and addresses only, so that the layout stays dumb."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """What the base layout needs beyond the page's own context."""
    return {}
