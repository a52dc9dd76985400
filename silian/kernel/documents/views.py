"""What is being typed into an editor, as it will look."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from silian.kernel.http import Request
from silian.kernel.ui.prose import rendered


@require_POST
def preview(request: Request) -> HttpResponse:
    return HttpResponse(rendered(request.POST.get("text", "")))
