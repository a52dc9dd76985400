"""The public check, the paper of a certificate, and the page that checks without a server."""

from pathlib import Path
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache

from silian.engines.compact import key_id
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.documents.services import download
from silian.kernel.http import PublicRequest, Request
from silian.talent.credentials.services import note_view
from silian.talent.verification import policy, services
from silian.talent.verification.forms import CheckForm
from silian.talent.verification.papers import paper_of

SCRIPTS = ["vendor/nacl-fast.min.js", "vendor/jsqr.js", "verification/offline.js"]
STYLE = "verification/offline.css"


@never_cache
@login_not_required
def check(request: PublicRequest) -> HttpResponse:
    """By number and name, typed or read from the code. Names stand in no address."""
    form = CheckForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        data = form.cleaned_data
        if not ratelimit.consume(request, action="certificate_check", key=data["number"]):
            form.add_error(None, _("Too many checks come from here. Wait a few minutes."))
            return render(request, "verification/check.html", context, status=429)
        by = request.user if isinstance(request.user, User) else None
        facts = {name: data[name] for name in ("number", "name", "version")}
        context["answer"] = services.check(**facts, by=by)
        context["at"] = clock.now()
    return render(request, "verification/check.html", context)


@login_not_required
def offline(request: PublicRequest) -> HttpResponse:
    """The same page as the one to download, with its scripts beside it."""
    return render(request, "verification/offline.html", _offline())


@login_not_required
def offline_file(request: PublicRequest) -> HttpResponse:
    """One file that works from a disk: scripts and style stand inside it."""
    page: str = render_to_string("verification/offline.html", _offline() | {"alone": True}, request)
    style = f'<link rel="stylesheet" href="{static(STYLE)}">'
    page = page.replace(style, f"<style>{_text(STYLE)}</style>")
    for name in SCRIPTS:
        script = f'<script src="{static(name)}" defer></script>'
        page = page.replace(script, f'<script type="module">{_text(name)}</script>')
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="silian-verify.html"'
    return response


@login_not_required
def status(request: PublicRequest) -> HttpResponse:
    """What no longer counts, signed, for a page that was downloaded earlier."""
    response = JsonResponse(services.status())
    response["Access-Control-Allow-Origin"] = "*"
    return response


def paper(request: Request, pk: int) -> HttpResponse:
    certificate = get_object_or_404(policy.visible_papers(request.user), pk=pk)
    note_view(certificate, by=request.user, how=gettext_noop("Certificate taken as a PDF"))
    return download(paper_of([certificate]), f"{certificate.number}.pdf")


def _offline() -> dict[str, Any]:
    keys = services.public_keys()
    facts: dict[str, Any] = {
        "keys": [key.hex() for key in keys],
        "ids": [key_id(key).hex() for key in keys],
    }
    facts |= {"status": services.status()}
    return {"facts": facts, "scripts": SCRIPTS, "style": STYLE}


def _text(name: str) -> str:
    """What a static file says."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text()
