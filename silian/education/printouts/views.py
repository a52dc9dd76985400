"""The paper and its key as files to print."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from silian.education.papers.models import Form
from silian.education.papers.policy import forms_of, visible_papers
from silian.education.printouts import printing
from silian.governance.consortia.models import Consortium
from silian.kernel.documents.services import download
from silian.kernel.http import Request


@require_GET
def paper_pdf(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    form = _form(request, consortium, pk, number)
    return download(printing.printed_paper(form), f"{form.paper.title_zh} {form.letter}.pdf")


@require_GET
def key_pdf(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    form = _form(request, consortium, pk, number)
    name = _("Key: %(title)s") % {"title": f"{form.paper.title_zh} {form.letter}"}
    return download(printing.printed_key(form), f"{name}.pdf")


def _form(request: Request, consortium: Consortium, pk: int, number: int) -> Form:
    rows = visible_papers(request.user).filter(bank__consortium=consortium)
    paper = get_object_or_404(rows, pk=pk)
    form = get_object_or_404(forms_of(paper), number=number)
    form.paper = paper
    return form
