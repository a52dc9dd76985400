"""What somebody does may settle what waits for them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from silian.kernel.accounts.models import User
from silian.kernel.notices.todos import forget_count

SAFE = ("GET", "HEAD", "OPTIONS")


def recount_todos(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Count anew what waits for somebody after whatever they have done."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in SAFE and isinstance(request.user, User):
            forget_count(request.user)
        return response

    return middleware
