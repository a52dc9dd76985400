"""One structured line a request, and the request's id on every line written while it ran."""

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger(__name__)
current_id: ContextVar[str] = ContextVar("request_id", default="")

GIVEN_ID = re.compile(r"[\w.-]{8,64}")
SECRET_PART = re.compile(r"(?<=/)[\w:=-]{24,}(?=/|$)")  # links that sign in or accept


class RequestId(logging.Filter):
    """Adds the id of the request that is being answered to each line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = current_id.get()
        return True


def log_requests(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: who asked for what, the status, and the milliseconds it took."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = current_id.set(id_of(request))
        start = time.perf_counter()
        try:
            response = answer(request)
            response["X-Request-ID"] = current_id.get()
            log(request, response, time.perf_counter() - start)
            return response
        finally:
            current_id.reset(token)

    return middleware


def id_of(request: HttpRequest) -> str:
    """The id a proxy has given, so that its log and ours can be laid side by side, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if GIVEN_ID.fullmatch(given) else uuid4().hex


def log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    user = getattr(request, "_cached_user", None)  # never ask the database for the log's sake
    logger.info(
        "%s %s",
        request.method,
        response.status_code,
        extra={
            "request_id": current_id.get(),
            "user_id": user.pk if user else None,
            "method": request.method,
            "path": SECRET_PART.sub("…", request.path),
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
        },
    )
