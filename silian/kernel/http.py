"""What a view is given."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from silian.kernel.accounts.models import User


class PublicRequest(HttpRequest):
    """A request from anybody; ``user`` may be anonymous."""

    htmx: HtmxDetails


class Request(PublicRequest):
    """A request from somebody signed in; LoginRequiredMiddleware sees to that."""

    user: User
