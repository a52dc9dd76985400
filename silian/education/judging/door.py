"""The door through which an examiner's tablet speaks: JSON, in the examiner's session."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDictKeyError
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.education.judging import board, log, policy, services
from silian.education.practicals.models import Panellist
from silian.kernel.accounts.models import User
from silian.kernel.http import Request
from silian.kernel.proofs import services as proofs

DEVICE_LENGTHS = range(16, 41)
Said = dict[str, Any]
View = Callable[..., JsonResponse]


def said(view: Callable[[Request, Panellist, Said], JsonResponse]) -> View:
    """A door that is told JSON by somebody who judges at the station."""

    @never_cache
    @require_POST
    def door(request: Request, pk: int) -> JsonResponse:
        panellist = get_object_or_404(policy.own_places(request.user), pk=pk)
        try:
            facts = json.loads(request.body)
            return view(request, panellist, facts if isinstance(facts, dict) else {})
        except (ValueError, TypeError, KeyError):
            return JsonResponse({"error": "not understood"}, status=400)

    return door


@said
def station_open(request: Request, panellist: Panellist, facts: Said) -> JsonResponse:
    """Everything that the tablet needs to work on without a network."""
    device = str(facts["device"])
    if len(device) not in DEVICE_LENGTHS:
        return JsonResponse({"error": "device"}, status=400)
    opening = log.open_station(panellist, device=device)
    turns = board.turns_of(panellist)
    return JsonResponse(
        {
            "opening": opening.number,
            "rubric": board.rubric_of(panellist),
            "turns": turns,
            "written": board.written_of(panellist, [one["key"] for one in turns]),
        }
    )


@said
def lines_keep(request: Request, panellist: Panellist, facts: Said) -> JsonResponse:
    """Keep lines; nothing is said about a line before it is committed."""
    lines, opening, device = facts.get("lines", []), int(facts["opening"]), str(facts["device"])
    if not isinstance(lines, list) or len(lines) > log.MOST_LINES:
        return JsonResponse({"error": "lines"}, status=400)
    kept = log.keep(panellist, device=device, opening=opening, sent=lines, by=request.user)
    if kept is None:
        return JsonResponse({"error": "opening"}, status=409)
    return JsonResponse(
        {
            "kept": kept.kept,
            "clashing": kept.clashing,
            "elsewhere": kept.opening != opening,
            "turns": board.turns_of(panellist),
            "written": board.written_of(panellist, kept.turns),
        }
    )


@said
def sheet_sign(request: Request, panellist: Panellist, facts: Said) -> JsonResponse:
    """The examiner's signature: who is there proves it once more."""
    turn = policy.judged_turns(panellist).filter(pk=int(facts["turn"])).first()
    if turn is None:
        return JsonResponse({"error": "turn"}, status=404)
    if not ratelimit.consume(request, action="sheet_signature", key=str(request.user.pk)):
        return JsonResponse({"error": "later"}, status=429)
    factor = _proof(request.user, panellist, str(facts.get("secret", "")))
    if not factor:
        return JsonResponse({"error": "secret"}, status=403)
    try:
        services.sign(
            panellist,
            turn,
            opening=int(facts["opening"]),
            written=int(facts["written"]),
            seen=facts.get("seen", {}),
            factor=factor,
            by=request.user,
        )
    except services.Unready as unready:
        return JsonResponse(unready.facts, status=409)
    return JsonResponse({"turns": board.turns_of(panellist)})


@never_cache
@require_POST
def photo_keep(request: Request, pk: int) -> JsonResponse:
    """A photo; a tablet sends it until it is told that it is kept."""
    panellist = get_object_or_404(policy.own_places(request.user), pk=pk)
    post = request.POST
    try:
        key, age = UUID(post["key"]), float(post["age"])
        turn = panellist.station.turns.get(pk=int(post["turn"]))
        criterion = panellist.station.criteria.get(pk=int(post["criterion"]))
        page = panellist.opened.get(number=int(post["opening"]), device=post["device"])
        upload = request.FILES["photo"]
        assert isinstance(upload, UploadedFile)  # one field, one file
        photo = services.keep_photo(
            page, turn, criterion, key=key, upload=upload, age=age, by=request.user
        )
    except ValidationError as error:
        return JsonResponse({"error": error.messages[0]}, status=422)
    except (MultiValueDictKeyError, ValueError, ObjectDoesNotExist):
        return JsonResponse({"error": "not understood"}, status=400)
    written = board.written_of(panellist, [turn.pk])
    return JsonResponse({"kept": str(photo.key), "written": written})


def _proof(user: User, panellist: Panellist, secret: str) -> str:
    """How the examiner proved to be there, "" where not: the password, or where the account has
    none (signed in elsewhere), a code of the authenticator app."""
    if user.has_usable_password():
        return "password" if user.check_password(secret) else ""
    try:
        return proofs.prove(user, panellist, code=secret).factor
    except ValidationError:
        return ""
