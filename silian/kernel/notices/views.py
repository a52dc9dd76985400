"""What somebody was told, and what waits for them."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from silian.kernel.http import Request
from silian.kernel.notices import policy, services
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of


def notice_index(request: Request) -> HttpResponse:
    return HttpResponse("")


def notice_open(request: Request, pk: int) -> HttpResponse:
    """Mark it read and go where it leads."""
    notice = get_object_or_404(policy.visible_notices(request.user), pk=pk)
    services.mark_read(policy.visible_notices(request.user).filter(pk=pk))
    return HttpResponseRedirect(target_of(notice))


@require_POST
def notice_read(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(policy.visible_notices(request.user), pk=pk)
    services.mark_read(policy.visible_notices(request.user).filter(pk=pk))
    return redirect("notices:notice_index")


@require_POST
def notice_read_all(request: Request) -> HttpResponse:
    services.mark_read(policy.visible_notices(request.user))
    return redirect("notices:notice_index")


def todo_list(request: Request) -> HttpResponse:
    return HttpResponse(len(todos_of(request.user)))


def target_of(notice: Notice) -> str:
    """Its address if that is one of ours; a notice never leads off the site."""
    inside = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return notice.url if inside else reverse("notices:notice_index")
