"""What somebody was told, and what waits for them."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from silian.kernel.http import Request
from silian.kernel.notices import policy, services
from silian.kernel.notices.forms import NoticeSearch
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import known_count, todos_of

PAGE = 20


def notice_index(request: Request) -> HttpResponse:
    """All notices, or the unread ones, or those with certain words; newest first."""
    unread_only, words = NoticeSearch(request.GET).wanted()
    notices = policy.found_notices(request.user, words)
    if unread_only:
        notices = notices.filter(read_at=None)
    page = Paginator(notices, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "q": words,
        "unread_only": unread_only,
        "unread": services.unread_count(request.user),
    }
    part = request.htmx and not request.htmx.boosted
    return render(request, "notices/list.html" if part else "notices/notice_index.html", context)


def notice_open(request: Request, pk: int) -> HttpResponse:
    """Mark it read and go where it leads."""
    notice = get_object_or_404(policy.visible_notices(request.user), pk=pk)
    services.mark_read(policy.visible_notices(request.user).filter(pk=pk))
    return HttpResponseRedirect(target_of(notice))


@require_POST
def notice_read(request: Request, pk: int) -> HttpResponse:
    """Mark one read, without leaving the list."""
    mine = policy.visible_notices(request.user).filter(pk=pk)
    notice = get_object_or_404(mine)
    services.mark_read(mine)
    notice.refresh_from_db()
    if request.htmx:
        return render(request, "notices/row.html", {"notice": notice})
    return redirect("notices:notice_index")


@require_POST
def notice_read_all(request: Request) -> HttpResponse:
    services.mark_read(policy.visible_notices(request.user))
    return redirect("notices:notice_index")


def todo_list(request: Request) -> HttpResponse:
    """Everything that waits for this person, what is due first on top."""
    return render(request, "notices/todo_list.html", {"todos": todos_of(request.user)})


def todo_count(request: Request) -> HttpResponse:
    """The menu's link to the list, with the number of its lines."""
    known = known_count(request.user)
    count = len(todos_of(request.user)) if known is None else known
    return render(
        request, "ui/todo_link.html", {"count": count, "url": reverse("notices:todo_list")}
    )


def target_of(notice: Notice) -> str:
    """Its address if that is one of ours; a notice never leads off the site."""
    inside = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return notice.url if inside else reverse("notices:notice_index")
