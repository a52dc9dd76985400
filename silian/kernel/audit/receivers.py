"""What the record takes down of its own accord: who signed in or failed to, and work done again."""

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.policy import may_audit
from silian.kernel.audit.services import BROKEN, last_check, record
from silian.kernel.jobs.services import retried
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@receiver(user_logged_in)
def signed_in(request: HttpRequest | None, user: User, **_: Any) -> None:
    record(user, gettext_noop("Signed in"), by=user, **_whence(request))


@receiver(user_logged_out)
def signed_out(request: HttpRequest | None, user: User | None, **_: Any) -> None:
    if user:
        record(user, gettext_noop("Signed out"), by=user, **_whence(request))


@receiver(user_login_failed)
def sign_in_refused(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    """By nobody: whoever tried has not shown who they are.

    A name that nobody has is not kept: sometimes it is a password, typed into the wrong field.
    """
    ways = Q(pk=None)
    for way in ("username", "email", "phone"):
        if typed := credentials.get(way):
            ways |= Q(**{f"{way}__iexact": typed})
    person = User.objects.filter(ways).first() or User()
    record(person, gettext_noop("Sign-in refused"), by=None, **_whence(request))


@receiver(retried)
def work_done_again(job: Any, by: User, **_: Any) -> None:
    record(job, gettext_noop("Work done again"), by=by, task=job.task_name)


@todos.source
def record_is_broken(user: User) -> Iterable[Todo]:
    """Until a check finds the record sound again, every auditor has it on the list."""
    check = last_check() if may_audit(user) else None
    if check and check.action == BROKEN:
        yield Todo(check.act, reverse("audit:entry_index"), due=check.at)


def _whence(request: HttpRequest | None) -> dict[str, str]:
    """Where a request came from, as far as it says; the address is the one that limits count by."""
    if request is None:
        return {}
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # it has none
        address = ""
    return {"IP address": address, "agent": request.headers.get("User-Agent", "")[:300]}
