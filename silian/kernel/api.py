"""What the routers of all apps share: who reads, how lists are paged, what filters may say."""

from typing import Annotated, Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Schema
from ninja.errors import AuthenticationError
from ninja.pagination import PaginationBase
from ninja.security import HttpBearer

from silian.kernel.accounts.models import User
from silian.kernel.tokens import services as tokens

Rows = TypeVar("Rows", bound=QuerySet[Any])
Reader = User | AnonymousUser

Word = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
Key = Annotated[int, Field(ge=1, le=2**53)]


class ApiRequest(HttpRequest):
    """A request to the interface; ``auth`` is who reads, perhaps nobody we know."""

    auth: Reader


class Token(HttpBearer):
    """A personal token where one is sent, else the session, else nobody: public data is public."""

    openapi_description = "A personal token (/me/tokens/). Without one, public data is returned."

    def __call__(self, request: HttpRequest) -> Reader:
        if "Authorization" in request.headers:
            found: User | None = super().__call__(request)
            if found is None:
                raise AuthenticationError
            return found
        user: Reader = request.user
        return user

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return tokens.user_of(token)


def narrowed(rows: Rows, **lookups: Any) -> Rows:
    """Filter by those lookups for which the reader gave a value."""
    given = {name: value for name, value in lookups.items() if value is not None}
    return rows.filter(**given) if given else rows


class Paging(PaginationBase):
    """``?page=2&page_size=100``; answers ``{"count": …, "items": […]}``."""

    class Input(Schema):
        page: int = Field(1, ge=1, le=1_000_000)
        page_size: int = Field(50, ge=1, le=200)

    class Output(Schema):
        count: int
        items: list[Any]

    def paginate_queryset(
        self, queryset: QuerySet[Any], pagination: Any, request: HttpRequest, **params: Any
    ) -> dict[str, Any]:
        start = (pagination.page - 1) * pagination.page_size
        return {
            "count": queryset.count(),
            "items": list(queryset[start : start + pagination.page_size]),
        }
