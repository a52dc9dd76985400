"""The one way to change state, for every life cycle in Silian."""

from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import STATE_CHANGED, record


class IllegalMove(Exception):
    """MOVES does not allow it, or somebody else moved the row first."""


@transaction.atomic
def move(obj: Any, to: str, *, by: User | None, why: str = "", **facts: Any) -> None:
    """Move ``obj`` to state ``to``, write ``facts`` with it, and record who, from, to and why.

    ``by`` is None only where a periodic job moves the row. Raises IllegalMove where the model's
    MOVES has no such step or where the row has left the state that ``obj`` was read in.
    """
    was = obj.state
    unmoved = type(obj)._base_manager.filter(pk=obj.pk, state=was)
    if to not in obj.MOVES.get(was, ()) or not unmoved.update(state=to, **facts):
        raise IllegalMove(f"{obj._meta.label} {obj.pk}: {was} to {to}")
    obj.refresh_from_db()
    models.signals.post_save.send(type(obj), instance=obj, created=False, update_fields=None)
    record(obj, STATE_CHANGED, by=by, was=was, to=to, why=why)


def hold(obj: Any) -> None:
    """Lock the row of ``obj`` until the transaction ends, before all of it is saved.

    Raises IllegalMove where it has left the state that ``obj`` was read in: saving would put the
    old state back.
    """
    held = type(obj)._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
    if held.state != obj.state:
        raise IllegalMove(f"{obj._meta.label} {obj.pk}: {obj.state} is {held.state}")


class ConflictMiddleware:
    """Answers an IllegalMove with a page (409) that says that somebody else was faster."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, IllegalMove):
            return render(request, "ui/conflict.html", status=409)
        return None
