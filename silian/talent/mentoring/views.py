"""The mentors of a cohort, their hours, and the statement of a quarter."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.documents.services import download, pdf_of
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.policy import may_take_part, visible_cohorts
from silian.talent.cohorts.rules import most_apprentices
from silian.talent.mentoring import policy, services, statements
from silian.talent.mentoring.forms import HoursForm, MentorForm
from silian.talent.mentoring.models import Hours, Mentor
from silian.talent.mentoring.tables import (
    DueTable,
    HoursFilter,
    HoursTable,
    MentorTable,
    page_of_hours,
    page_of_mentor,
)
from silian.talent.selections.policy import learners_in


def mentor_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    rows = policy.visible_mentors(request.user).filter(cohort=cohort)
    rule, most = most_apprentices(cohort)
    context = _about(request, cohort) | {"rule": rule, "ratio": rule.message % {"most": most}}
    cared = rows.annotate(cared=Count("learners", distinct=True))
    return Listing(request, cared, MentorTable, name="mentors").page(
        "mentoring/mentor_index.html", context
    )


def mentor_detail(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    mentor = _mentor(request, consortium, pk, key)
    hours = policy.visible_hours(request.user).filter(mentor=mentor)
    seen = learners_in(request.user, mentor.cohort).filter(mentors=mentor)
    context = _about(request, mentor.cohort) | {
        "object": mentor,
        "mentor": mentor,
        "hours": hours[:30],
        "learners": seen,
        "may_edit": policy.may_edit(request.user, mentor),
        "may_log": policy.may_log(request.user, mentor),
    }
    return render(request, "mentoring/mentor_detail.html", context)


def mentor_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    policy.may_enter(request.user, cohort).enforce()
    return _mentor_page(request, Mentor(cohort=cohort))


def mentor_edit(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    mentor = _mentor(request, consortium, pk, key)
    policy.may_edit(request.user, mentor).enforce()
    return _mentor_page(request, mentor)


def hours_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    rows = policy.visible_hours(request.user).filter(mentor__cohort=cohort)
    waiting = policy.awaiting(request.user).filter(mentor__cohort=cohort).count()
    context = _about(request, cohort) | {"waiting": waiting}
    listing = Listing(request, rows, HoursTable, HoursFilter, name="hours")
    return listing.page("mentoring/hours_index.html", context)


def hours_new(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    mentor = _mentor(request, consortium, pk, key)
    policy.may_log(request.user, mentor).enforce()
    form = HoursForm(request.POST or None, instance=Hours(mentor=mentor, on=clock.today()))
    if form.is_valid():
        services.log_hours(form.save(commit=False), by=request.user)
        messages.success(request, _("Entered. It counts once the other side has confirmed it."))
        return redirect(page_of_mentor(mentor))
    return _hours_page(request, mentor, form, page_of_mentor(mentor))


def hours_detail(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    hours = _hours(request, consortium, pk, key)
    context = _about(request, hours.mentor.cohort) | {
        "object": hours,
        "hours": hours,
        "may_answer": policy.may_answer(request.user, hours),
        "may_correct": policy.may_correct(request.user, hours),
    }
    return render(request, "mentoring/hours_detail.html", context)


def hours_correct(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    hours = _hours(request, consortium, pk, key)
    policy.may_correct(request.user, hours).enforce()
    form = HoursForm(request.POST or None, instance=hours)
    if form.is_valid():
        services.correct_hours(form.save(commit=False), by=request.user)
        return redirect(page_of_hours(hours))
    return _hours_page(request, hours.mentor, form, page_of_hours(hours))


@require_POST
def hours_confirm(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    hours = _hours(request, consortium, pk, key)
    policy.may_answer(request.user, hours).enforce()
    services.confirm_hours([hours], by=request.user)
    return redirect(page_of_hours(hours))


@require_POST
def hours_confirm_all(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Everything of this cohort that waits for the reader's side."""
    cohort = _cohort(request, consortium, pk)
    may_take_part(request.user, cohort).enforce()
    rows = policy.awaiting(request.user).filter(mentor__cohort=cohort)
    services.confirm_hours(rows, by=request.user)
    messages.success(request, _("Confirmed."))
    return redirect("mentoring:hours_index", consortium, pk)


@require_POST
def hours_object(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    hours = _hours(request, consortium, pk, key)
    policy.may_answer(request.user, hours).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        services.object_to_hours(hours, reason=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect(page_of_hours(hours))


def statement(
    request: Request, consortium: Consortium, pk: int, year: int = 0, number: int = 0
) -> HttpResponse:
    """What is due for mentors in one quarter; without one, in the last that is over."""
    cohort = _cohort(request, consortium, pk)
    may_take_part(request.user, cohort).enforce()
    quarters = statements.quarters_of(cohort, clock.today())
    wanted = statements.Quarter(year, number) if year else quarters[0]
    if wanted not in quarters:
        raise Http404
    found = statements.statement_of(cohort, wanted)
    context = _about(request, cohort) | {"statement": found, "quarters": quarters}
    listing = Listing(request, found.lines, DueTable, name=f"mentors-{wanted.year}-{wanted.number}")
    return listing.page("mentoring/statement.html", context)


@require_GET
def statement_pdf(
    request: Request, consortium: Consortium, pk: int, year: int, number: int
) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    may_take_part(request.user, cohort).enforce()
    wanted = statements.Quarter(year, number)
    if wanted not in statements.quarters_of(cohort, clock.today()):
        raise Http404
    title = _("Statement of mentors' fees")
    facts = [
        (_("Cohort"), cohort.title),
        (_("School"), cohort.school.name),
        (_("Enterprise"), cohort.enterprise.name),
        (_("Time"), str(wanted)),
    ]
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    text = statements.statement_of(cohort, wanted).markdown()
    content = pdf_of(text, title=title, language=language, facts=facts)
    return download(content, f"{title} {year}-{number}.pdf")


def _about(request: Request, cohort: Cohort) -> dict[str, Any]:
    return {
        "cohort": cohort,
        "consortium": cohort.consortium,
        "inside": bool(may_take_part(request.user, cohort)),
        "may_enter": policy.may_enter(request.user, cohort),
        "may_import": policy.may_import(request.user, cohort),
    }


def _cohort(request: Request, consortium: Consortium, pk: int) -> Cohort:
    """A cohort whose mentors concern the reader; for everybody else there is no such page."""
    cohort = get_object_or_404(visible_cohorts(request.user), pk=pk, consortium=consortium)
    mine = policy.visible_mentors(request.user).filter(cohort=cohort)
    if not may_take_part(request.user, cohort) and not mine.exists():
        raise Http404
    return cohort


def _mentor(request: Request, consortium: Consortium, pk: int, key: int) -> Mentor:
    rows = policy.visible_mentors(request.user)
    return get_object_or_404(rows, pk=key, cohort=pk, cohort__consortium=consortium)


def _hours(request: Request, consortium: Consortium, pk: int, key: int) -> Hours:
    rows = policy.visible_hours(request.user)
    return get_object_or_404(rows, pk=key, mentor__cohort=pk, mentor__cohort__consortium=consortium)


def _mentor_page(request: Request, mentor: Mentor) -> HttpResponse:
    cohort = mentor.cohort
    learners = learners_in(request.user, cohort).filter(state__in=["selected", "completed"])
    form = MentorForm(request.user, learners, request.POST or None, instance=mentor)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = form.cleaned_data["learners"]
            saved = services.save_mentor(form.save(commit=False), learners=chosen, by=request.user)
            return redirect(page_of_mentor(saved))
        except ValidationError as wrong:
            form.add_error(None, wrong)
    index = reverse("mentoring:mentor_index", args=[cohort.consortium, cohort.pk])
    context = {"form": form, "cohort": cohort, "consortium": cohort.consortium, "cancel": index}
    return render(request, "mentoring/mentor_form.html", context)


def _hours_page(request: Request, mentor: Mentor, form: HoursForm, cancel: str) -> HttpResponse:
    context = {"form": form, "mentor": mentor, "consortium": mentor.cohort.consortium}
    return render(request, "mentoring/hours_form.html", context | {"cancel": cancel})
