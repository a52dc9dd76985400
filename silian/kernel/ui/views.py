"""The living page of the components."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def components(request: HttpRequest) -> HttpResponse:
    """Every component, living; for whoever builds pages or looks after the installation."""
    if not (settings.DEBUG or getattr(request.user, "duty", "") == "system"):
        raise PermissionDenied(_("This page is for system administrators."))
    return render(request, "ui/components.html", {})
