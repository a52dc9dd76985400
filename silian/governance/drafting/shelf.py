"""The shelf of templates that a consortium's drafts begin with."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.agreements.models import Agreement
from silian.governance.consortia.models import Consortium
from silian.governance.drafting import places, policy, samples, services
from silian.governance.drafting.forms import TemplateForm
from silian.governance.drafting.models import Template
from silian.governance.drafting.tables import TemplateTable
from silian.kernel.documents.editor import READ
from silian.kernel.documents.services import MADE, download, pdf_of, word_of
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def template_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_templates(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "kinds": Agreement.Kind.choices,
        "may_edit": policy.may_edit_templates(request.user, consortium),
    }
    listing = Listing(request, rows, TemplateTable, name="templates")
    return listing.page("drafting/template_index.html", context)


def template_new(request: Request, consortium: Consortium) -> HttpResponse:
    """A new template, which begins with the sample text of its kind."""
    kind = request.GET.get("kind", "")
    if kind not in Agreement.Kind.values:
        raise Http404
    template = Template(consortium=consortium, kind=kind, text=samples.sample_text(kind))
    template.name = str(Agreement.Kind(kind).label)
    return _template_form(request, template)


def template_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    return _template_form(request, _template(request, consortium, pk))


def _template_form(request: Request, template: Template) -> HttpResponse:
    policy.may_edit_templates(request.user, template.consortium).enforce()
    form = TemplateForm(request.POST or None, request.FILES or None, instance=template)
    index = reverse("drafting:template_index", args=[template.consortium])
    if READ in request.POST:
        if (text := form.read_word()) is not None:
            messages.info(request, _("The Word file is read. Look it over, then save."))
            typed = {**request.POST.dict(), "text": text}
            form = TemplateForm(instance=template, initial=typed)
    elif form.is_valid():
        services.save_template(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(index)
    context: dict[str, Any] = {"template": template, "form": form}
    context |= {"consortium": template.consortium}
    context |= {"cancel": index, "places": places.described(template.kind)}
    return render(request, "drafting/template_edit.html", context)


@require_POST
def template_remove(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    template = _template(request, consortium, pk)
    policy.may_edit_templates(request.user, consortium).enforce()
    services.remove_template(template, by=request.user)
    messages.success(request, _("The template is removed."))
    return redirect("drafting:template_index", consortium)


def template_file(request: Request, consortium: Consortium, pk: int, ending: str) -> HttpResponse:
    """A template with its places, to be worked on in Word or printed."""
    template = _template(request, consortium, pk)
    if ending not in MADE:
        raise Http404
    language = places.language_of(template.text)
    content = (
        word_of(template.text, title=template.name)
        if ending == "docx"
        else pdf_of(template.text, title=template.name, language=language)
    )
    return download(content, f"{template.name}.{ending}")


def _template(request: Request, consortium: Consortium, pk: int) -> Template:
    rows = policy.visible_templates(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)
