"""How far everybody in a session is, completing them, and the count of a year."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from silian.education.completions import policy, services
from silian.education.completions.counting import year_of
from silian.education.completions.forms import AimForm
from silian.education.completions.tables import PeopleFilter, PeopleTable, YearTable
from silian.education.courses.models import Session
from silian.education.courses.policy import may_manage, may_teach, visible_sessions
from silian.education.courses.terms import Payer
from silian.education.enrolments.policy import learners_in
from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.http import Request
from silian.kernel.ui.charts import Chart
from silian.kernel.ui.listing import Listing


def result(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Who has done what the course asks for, and what the others lack."""
    session = session_of(request, consortium, pk)
    may_teach(request.user, session).enforce()
    rows = policy.standings(session)
    context = {
        "session": session,
        "consortium": consortium,
        "manages": bool(may_manage(request.user, session.course)),
        "rows": rows,
        "ready": sum(one.ready for one in rows),
        "done": sum(one.completed for one in rows),
        "may_complete": policy.may_complete(request.user, session),
        "may_finish": policy.may_finish(request.user, session),
    }
    return render(request, "completions/result.html", context)


@require_POST
def complete(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_complete(request.user, session).enforce()
    _say(request, services.complete_all(session, by=request.user))
    return redirect("completions:result", consortium, pk)


@require_POST
def finish(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_finish(request.user, session).enforce()
    _say(request, services.finish_session(session, by=request.user))
    return redirect("completions:result", consortium, pk)


@require_POST
def let_pass(request: Request, consortium: Consortium, pk: int, learner: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_complete(request.user, session).enforce()
    enrolment = get_object_or_404(learners_in(request.user, session), pk=learner)
    if reason := _reason(request):
        services.let_pass(session, enrolment, reason=reason, by=request.user)
    return redirect("completions:result", consortium, pk)


@require_POST
def withdraw(request: Request, consortium: Consortium, pk: int, learner: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    rows = policy.visible_completions(request.user)
    found = get_object_or_404(rows, enrolment__session=session, enrolment=learner)
    policy.may_withdraw(request.user, found).enforce()
    if reason := _reason(request):
        services.withdraw(found, reason=reason, by=request.user)
    return redirect("completions:result", consortium, pk)


def year_count(request: Request, consortium: Consortium) -> HttpResponse:
    """Counted once by person and once by session, beside the target of the plan."""
    policy.may_count(request.user, consortium).enforce()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else clock.today().year
    found = year_of(policy.counted(request.user, consortium), year)
    listing = Listing(request, found.rows, YearTable, name=f"training-{year}")
    aim = policy.aim_of(consortium, year)
    payers = [str(label) for label in Payer.labels]
    context = {
        "consortium": consortium,
        "year": year,
        "found": found,
        "aim": aim,
        "may_aim": policy.may_aim(request.user, consortium),
        "form": AimForm(
            policy.targets_for(consortium, year), initial={"target": aim and aim.target}
        ),
        "chart": Chart(_("Who pays"), payers, {_("Places"): list(found.paid.values())}, "pie"),
    }
    return listing.page("completions/year_count.html", context)


@require_POST
def year_aim(request: Request, consortium: Consortium, year: int) -> HttpResponse:
    policy.may_aim(request.user, consortium).enforce()
    form = AimForm(policy.targets_for(consortium, year), request.POST)
    if form.is_valid():
        services.aim_at(consortium, year, form.cleaned_data["target"], by=request.user)
    else:
        messages.error(request, _("Choose a target of the plan."))
    return _to_year(consortium, year)


@require_POST
def year_report(request: Request, consortium: Consortium, year: int) -> HttpResponse:
    policy.may_aim(request.user, consortium).enforce()
    if aim := policy.aim_of(consortium, year):
        people = year_of(policy.counted(request.user, consortium), year).people
        services.report(aim, people=people, by=request.user)
        messages.success(request, _("The plan says it now."))
    return _to_year(consortium, year)


def people_index(request: Request, consortium: Consortium) -> HttpResponse:
    """By name, for whoever offered the course or sent the people."""
    rows = policy.visible_completions(request.user).filter(
        enrolment__session__course__consortium=consortium
    )
    listing = Listing(request, rows, PeopleTable, PeopleFilter, name="trained")
    return listing.page("completions/people_index.html", {"consortium": consortium})


def session_of(request: Request, consortium: Consortium, pk: int) -> Session:
    rows = visible_sessions(request.user)
    return get_object_or_404(rows, pk=pk, course__consortium=consortium)


def _to_year(consortium: Consortium, year: int) -> HttpResponse:
    answer = redirect("completions:year_count", consortium)
    answer["Location"] += f"?year={year}"
    return answer


def _say(request: Request, done: int) -> None:
    told = ngettext("%(n)s person has completed it.", "%(n)s people have completed it.", done)
    messages.success(request, told % {"n": done})


def _reason(request: Request) -> str:
    if not (reason := request.POST.get("reason", "").strip()[:300]):
        messages.error(request, _("Please give a reason."))
    return reason
