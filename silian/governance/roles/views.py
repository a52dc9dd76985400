"""The page of an invitation, and the switch between one's roles."""

from django.http import HttpResponse

from silian.kernel.http import PublicRequest


def invitation(request: PublicRequest, token: str) -> HttpResponse:
    return HttpResponse(token)
