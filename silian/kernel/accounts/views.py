"""A person's own account, and the security administrator's pages."""

from django.http import HttpResponse

from silian.kernel.http import Request


def profile(request: Request) -> HttpResponse:
    return HttpResponse(request.user.name)
