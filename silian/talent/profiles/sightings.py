"""Who sees whose name. Every answer to somebody signed in is looked at: the names that were read
for it and stand in it are told to the app that keeps views, which registers here and stands above.

Nobody who writes a page has to think of it. A view that knows better what was seen, and for whom,
calls ``seen`` itself; then it is not told twice.
"""

from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.html import escape
from django.utils.translation import gettext_noop

from silian.governance.members.models import Organisation
from silian.governance.roles.services import acting_role
from silian.kernel.accounts.models import User
from silian.kernel.persons.naming import Reading, reading

watchers: list[Callable[..., None]] = []
pages: dict[str, str] = {}  # what is seen on the pages of an app, by its namespace: msgids
ELSEWHERE = gettext_noop("A page with my name")
Next = Callable[[HttpRequest], HttpResponseBase]


def seen(
    people: Iterable[int],
    what: str,
    *,
    by: User,
    organisation: Organisation | None,
    as_file: bool = False,
) -> None:
    """``by`` saw ``what`` (a msgid) of these people (keys)."""
    for watch in watchers:
        watch(people, what, by=by, organisation=organisation, as_file=as_file)


def noted(people: Iterable[int]) -> None:
    """These need not be told again while this request is answered."""
    if now := reading.get():
        now.told.update(people)


def note_names(get_response: Next) -> Next:
    """Middleware: tell of everybody who is named in an answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        now = Reading()
        token = reading.set(now)
        try:
            response = get_response(request)
        finally:
            reading.reset(token)
        if now.names and response.status_code == 200:
            _tell(request, response, now)
        return response

    return middleware


def _tell(request: HttpRequest, response: HttpResponseBase, now: Reading) -> None:
    viewer = getattr(request, "auth", None) or request.user  # of the interface, or of a page
    named = set(_named(response, now)) - now.told
    if not named or not isinstance(viewer, User):
        return
    place = request.resolver_match
    role = acting_role(request) if viewer == request.user else None  # type: ignore[arg-type]
    seen(
        named,
        pages.get(place.namespace if place else "", ELSEWHERE),
        by=viewer,
        organisation=role.organisation if role else None,
        as_file=response.has_header("Content-Disposition"),
    )


def _named(response: HttpResponseBase, now: Reading) -> Iterator[int]:
    """Whose names stand in the answer; in what is no page, all that were read for it."""
    is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
    text = response.content.decode() if is_page else ""  # type: ignore[attr-defined]
    for person, names in now.names.items():
        if not is_page or any(escape(name) in text for name in names):
            yield person
