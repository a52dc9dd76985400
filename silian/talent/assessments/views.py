"""Marks, the result, its certificate, and the evidence of an enterprise or a school."""

import io
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.talent.assessments import policy, portfolios, services
from silian.talent.assessments.forms import DecideForm, MarkForm
from silian.talent.internships.models import Internship
from silian.talent.internships.policy import visible_internships


def _internship(request: Request, consortium: Consortium, pk: int) -> Internship:
    rows = visible_internships(request.user).prefetch_related("marks")
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def assessment(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    may_mark = policy.may_mark(request.user, internship)
    form = MarkForm(internship, request.POST or None)
    if form.is_bound:
        may_mark.enforce()
        if form.is_valid():
            services.mark(internship, by=request.user, **form.cleaned_data)
            return redirect("assessments:assessment", consortium, pk)
    result = policy.visible_assessments(request.user).filter(internship=internship).first()
    context: dict[str, Any] = {"consortium": consortium, "internship": internship}
    context |= {"here": "assessment", "form": form, "may_mark": may_mark, "result": result}
    context["marks"] = policy.visible_marks(request.user).filter(internship=internship)
    context["weights"] = [(p, internship.scheme[p]) for p in policy.weighed(internship)]
    context["may_decide"] = policy.may_decide(request.user, internship)
    context["decide_form"] = DecideForm()
    return render(request, "assessments/assessment.html", context)


@require_POST
def decide(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    internship = _internship(request, consortium, pk)
    policy.may_decide(request.user, internship).enforce()
    form = DecideForm(request.POST)
    if form.is_valid():
        services.decide(internship, by=request.user, **form.cleaned_data)
        messages.success(request, _("The result is decided; the student is told."))
    return redirect("assessments:assessment", consortium, pk)


def certificate(request: Request, consortium: Consortium, pk: int) -> FileResponse:
    internship = _internship(request, consortium, pk)
    rows = policy.visible_assessments(request.user)
    found = get_object_or_404(rows, internship=internship)
    return respond(services.certificate_of(found), inline=True)


def evidence(request: Request, consortium: Consortium, unit: int) -> FileResponse:
    """What an organisation shows of its interns here, as one archive."""
    found = get_object_or_404(policy.visible_units(request.user), pk=unit)
    rows = visible_internships(request.user).filter(consortium=consortium)
    rows = rows.filter(Q(unit=found) | Q(student__school=found))
    rows = rows.prefetch_related("payments", "guidance__by", "agreement__frozen")
    name = f"internships-{consortium.slug}-{clock.today():%Y%m%d}.zip"
    content = io.BytesIO(portfolios.archive(rows))
    return FileResponse(content, as_attachment=True, filename=name)
