"""What other software asks for, badges to take along, and one's own certificates."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_noop
from django.views.decorators.cache import cache_control

from silian.kernel.http import PublicRequest, Request
from silian.talent.badges import policy, services
from silian.talent.credentials.services import note_view
from silian.talent.verification.services import code_of

CREDENTIAL = "application/vc"
FORMS: dict[str, tuple[str, Any]] = {
    "json": (CREDENTIAL, services.text_of),
    "png": ("image/png", services.png_of),
    "svg": ("image/svg+xml", services.svg_of),
}
MOST_LISTS = 10_000  # far more than certificates that can ever be


@login_not_required
@cache_control(public=True, max_age=300)
def did_document(request: PublicRequest) -> HttpResponse:
    return _public(services.did_document(), "application/did+json")


@login_not_required
@cache_control(public=True, max_age=300)
def status_list(request: PublicRequest, number: int) -> HttpResponse:
    if number >= MOST_LISTS:
        raise Http404
    return _public(services.status_list(number), CREDENTIAL)


def badge(request: Request, pk: int, form: str) -> HttpResponse:
    """The credential as JSON, or baked into a picture."""
    if form not in FORMS:
        raise Http404
    certificate = get_object_or_404(policy.visible_badges(request.user), pk=pk)
    media_type, made = FORMS[form]
    response = HttpResponse(made(certificate), content_type=media_type)
    name = f"{certificate.number}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    note_view(certificate, by=request.user, how=gettext_noop("Certificate taken as a badge"))
    return response


def own_certificates(request: Request) -> HttpResponse:
    """What one holds, to take along and to share."""
    rows = list(policy.own_certificates(request.user))
    context = {"certificates": [(row, code_of(row) if row.counts else "") for row in rows]}
    return render(request, "badges/own_certificates.html", context)


def _public(document: dict[str, Any], media_type: str) -> HttpResponse:
    """For any software, from any page."""
    response = JsonResponse(document, content_type=media_type)
    response["Access-Control-Allow-Origin"] = "*"
    return response
