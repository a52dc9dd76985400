"""The door through which devices in an exam speak: JSON, a signed pass, no session.

Two thousand devices save every few seconds. So these addresses are answered before sessions,
languages and users are looked at (``answers_first``), and a save is one statement.
"""

import json
from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language_from_request, override

from silian.education.answering import log, services
from silian.education.answering.models import Attempt
from silian.education.answering.pictures import addressed
from silian.education.answering.policy import attempt_of, may_open
from silian.education.sittings.models import Candidate, Exam, Form
from silian.engines.mixing import mixed
from silian.kernel import clock
from silian.kernel.verdicts import Verdict

ROOT = "/sit/"
SALT = "silian.answering"
DEVICE_LENGTHS = range(16, 41)
Said = dict[str, Any]  # what a device posts
Answer = Callable[[HttpRequest, Said], JsonResponse]
Next = Callable[[HttpRequest], HttpResponseBase]
forms: dict[int, Any] = {}  # what candidates get, by key of the form; it never changes


class Refused(Exception):
    """Said to the device with a status; ``facts`` is the answer."""

    def __init__(self, status: int, **facts: Any) -> None:
        super().__init__()
        self.status, self.facts = status, facts


def answers_first(get_response: Next) -> Next:
    """Middleware: what devices in an exam post, before anything that they do not need."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or not request.path_info.startswith(ROOT):
            return get_response(request)
        answer = DOORS.get(request.path_info.removeprefix(ROOT).strip("/"))
        if answer is None:
            return get_response(request)
        with override(get_language_from_request(request)):
            said = _answered(answer, request)
        said["Content-Length"] = str(len(said.content))
        said["Cache-Control"] = "no-store"
        return said

    return middleware


def _answered(answer: Answer, request: HttpRequest) -> JsonResponse:
    try:
        said = json.loads(request.body)
        return answer(request, said if isinstance(said, dict) else {})
    except Refused as refused:
        return JsonResponse(refused.facts, status=refused.status)
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": "not understood"}, status=400)


# --- the pass ---------------------------------------------------------------------------


def pass_for(candidate: Candidate, device: str) -> str:
    return signing.dumps([candidate.pk, device], salt=SALT)


def _bearer(said: Said) -> tuple[int, str]:
    """Whose device it is: key of the candidate, name of the device."""
    try:
        candidate, device = signing.loads(str(said.get("pass", "")), salt=SALT)
    except signing.BadSignature:
        raise Refused(403, error="pass") from None
    return int(candidate), str(device)


def _candidates() -> QuerySet[Candidate]:
    return Candidate.objects.select_related("exam", "room", "person", "attempt")


# --- the doors --------------------------------------------------------------------------


def ticket(request: HttpRequest, said: Said) -> JsonResponse:
    """Number and code of the ticket, for a pass. A number that is guessed at is shut a while."""
    number, code, device = (
        str(said.get(name, "")).strip() for name in ("number", "code", "device")
    )
    if len(device) not in DEVICE_LENGTHS:
        raise Refused(400, error="device")
    found = _candidates().filter(number=number, exam__state=Exam.State.ANNOUNCED).first()
    right = constant_time_compare(found.code if found else "-", code.upper())
    if not ratelimit.consume(request, action="exam_ticket", key=number, dry_run=right):
        raise Refused(429, error="later")
    if not (found and right):
        raise Refused(403, error="ticket")
    return JsonResponse({"pass": pass_for(found, device)} | _about(found))


def state(request: HttpRequest, said: Said) -> JsonResponse:
    """May the paper be opened, and if not, why?"""
    key, device = _bearer(said)
    candidate = _candidates().get(pk=key)
    code = str(said.get("code", ""))
    verdict = may_open(candidate, attempt_of(candidate), device=device, code=code)
    return JsonResponse(_about(candidate) | {"may_open": bool(verdict), "reason": verdict.reason})


def open_paper(request: HttpRequest, said: Said) -> JsonResponse:
    """The paper, what was answered so far, and the number under which this page writes."""
    key, device = _bearer(said)
    opened = services.open_paper(key, device=device, code=str(said.get("code", "")))
    if isinstance(opened, Verdict):
        raise Refused(409, error="closed", reason=opened.reason)
    attempt = opened.attempt
    return JsonResponse(
        {
            "opening": opened.number,
            "paper": _paper(attempt.candidate),
            "answers": log.written_so_far(attempt) if opened.number > 1 else {},
            **_left(attempt.ends_at, attempt.end),
        }
    )


def save(request: HttpRequest, said: Said) -> JsonResponse:
    """Keep lines; nothing is said about a line before it is committed."""
    key, device = _bearer(said)
    opening, lines, now = int(said["opening"]), said.get("lines", []), clock.now()
    if not isinstance(lines, list) or len(lines) > log.MOST_LINES:
        raise Refused(400, error="lines")
    standing = log.keep(key, device, opening, lines, now=now)
    if standing is None:
        raise Refused(403, error="opening")
    return JsonResponse(
        {
            "kept": standing.kept,
            "clashing": standing.clashing,
            "elsewhere": standing.opening != opening,
            **_left(standing.ends_at, standing.end),
        }
    )


def hand_in(request: HttpRequest, said: Said) -> JsonResponse:
    key, device = _bearer(said)
    opening, written = int(said["opening"]), int(said["written"])
    try:
        attempt = services.hand_in(key, opening=opening, device=device, written=written)
    except services.Missing as missing:
        raise Refused(409, missing=missing.numbers[: log.MOST_LINES]) from None
    except Attempt.DoesNotExist:
        raise Refused(403, error="opening") from None
    return JsonResponse(_left(attempt.ends_at, attempt.end))


DOORS: dict[str, Answer] = {
    "ticket": ticket,
    "state": state,
    "open": open_paper,
    "save": save,
    "hand-in": hand_in,
}


def _left(ends_at: Any, end: str) -> dict[str, Any]:
    now = clock.now()
    return {"left": max(0, int((ends_at - now).total_seconds() * 1000)), "end": end}


def _about(candidate: Candidate) -> dict[str, Any]:
    exam, room, attempt = candidate.exam, candidate.room, attempt_of(candidate)
    return {
        "exam": exam.title,
        "rules": exam.rules,
        "name": str(candidate.person),
        "room": str(room or ""),
        "seat": candidate.seat,
        "minutes": exam.minutes + candidate.extra_minutes + (room.extra_minutes if room else 0),
        "starts_in": int((exam.opens_at - clock.now()).total_seconds() * 1000),
        "started": attempt is not None,
        "end": attempt.end if attempt else "",
    }


def _paper(candidate: Candidate) -> Any:
    """Read once by each process, and put into the candidate's own order."""
    if candidate.form_id is None:
        raise Refused(409, error="closed")
    if candidate.form_id not in forms:
        forms[candidate.form_id] = addressed(Form.objects.get(pk=candidate.form_id).content)
    content = forms[candidate.form_id]
    return mixed(content, f"{candidate.pk}") if content.get("mixed") else content
