"""A session's page, enrolling, the list of its people, one enrolment, and one's own training."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.courses import policy as offering
from silian.education.courses.models import Session
from silian.education.enrolments import policy, services
from silian.education.enrolments.forms import CancelForm, EnrolForm, PayerForm, entry_forms
from silian.education.enrolments.imports import Group
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.panels import links_for
from silian.education.enrolments.tables import LearnerFilter, LearnerTable
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.http import PublicRequest, Request
from silian.kernel.persons.services import person_of
from silian.kernel.ui.listing import Listing


@login_not_required
def session_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """What everybody may read; whoever teaches or organises finds here what to do next."""
    session = session_of(request, consortium, pk)
    user = request.user
    firms = [(firm, policy.may_enrol_many(user, session, firm)) for firm in _firms(request)]
    context = {
        "object": session,
        "session": session,
        "consortium": consortium,
        "lessons": session.lessons.all(),
        "inside": bool(offering.may_teach(user, session)),
        "manages": bool(offering.may_manage(user, session.course)),
        "firms": firms,
        "may_enrol": policy.may_enrol(user, session),
        "may_open": offering.may_open(user, session),
        "may_edit": offering.may_edit_session(user, session),
        "may_start": policy.may_start(user, session),
        "may_cancel": policy.may_cancel_session(user, session),
        "waiting": session.enrolments.in_line().count(),
        "mine": _mine(request, session),
    }
    return render(request, "enrolments/session_detail.html", context)


@require_POST
def session_start(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_start(request.user, session).enforce()
    services.start_session(session, by=request.user)
    return redirect(session)


@require_POST
def session_cancel(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_cancel_session(request.user, session).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        services.cancel_session(session, reason=reason, by=request.user)
        messages.success(request, _("Everybody whom it concerns has been told."))
    else:
        messages.error(request, _("Please give a reason."))
    return redirect(session)


def enrol(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """A person for oneself: prices and the rule for cancelling stand above the button."""
    session = session_of(request, consortium, pk)
    policy.may_enrol(request.user, session).enforce()
    form = EnrolForm(session, person_of(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.enrol_self(
                session, payer=data["payer"], number=data.get("number", ""), by=request.user
            )
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _told(made))
            return redirect(made)
    context = {"form": form, "session": session, "consortium": consortium, "cancel": _url(session)}
    return render(request, "enrolments/enrol.html", context)


def enrol_people(request: Request, consortium: Consortium, pk: int, firm: int) -> HttpResponse:
    """A few people of an organisation; for many there is the spreadsheet."""
    session = session_of(request, consortium, pk)
    organisation = get_object_or_404(policy.acting_firms(request.user), pk=firm)
    policy.may_enrol_many(request.user, session, organisation).enforce()
    data = request.POST or None
    form = PayerForm(session, organisation, data)
    entries = entry_forms(session, organisation, data)
    if request.method == "POST" and all([form.is_valid(), entries.is_valid()]):
        payer = form.cleaned_data["payer"]
        named = [row.cleaned_data for row in entries.filled]
        rows = [services.Entry(one["name"], one["number"], payer) for one in named]
        if _enrolled(request, session, organisation, rows):
            return redirect("enrolments:learner_index", consortium, pk)
    context = {
        "form": form,
        "entries": entries,
        "session": session,
        "consortium": consortium,
        "organisation": organisation,
        "scope": Group(session, organisation).text,
        "cancel": _url(session),
    }
    return render(request, "enrolments/enrol_people.html", context)


def learner_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The organiser and teachers see everybody, a firm its own people."""
    session = session_of(request, consortium, pk)
    policy.may_see_list(request.user, session).enforce()
    rows = policy.learners_in(request.user, session)
    listing = Listing(request, rows, LearnerTable, LearnerFilter, name="learners")
    context = {
        "session": session,
        "consortium": consortium,
        "inside": bool(offering.may_teach(request.user, session)),
        "manages": bool(offering.may_manage(request.user, session.course)),
        "firms": [
            (firm, Group(session, firm).text)
            for firm in _firms(request)
            if policy.may_enrol_many(request.user, session, firm)
        ],
    }
    return listing.page("enrolments/learner_index.html", context)


def enrolment_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    found = enrolment_of(request, consortium, pk)
    context = {
        "object": found,
        "enrolment": found,
        "consortium": consortium,
        "own": found.person.user_id == request.user.pk,
        "links": links_for(request.user, [found]).get(found.pk, []),
        "may_cancel": policy.may_cancel(request.user, found),
    }
    return render(request, "enrolments/enrolment_detail.html", context)


def enrolment_cancel(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """What it costs stands there before it is confirmed."""
    found = enrolment_of(request, consortium, pk)
    policy.may_cancel(request.user, found).enforce()
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.cancel(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The enrolment is cancelled."))
        return redirect(found)
    context = {
        "form": form,
        "enrolment": found,
        "consortium": consortium,
        "fee": policy.fee_for(request.user, found),
        "cancel": found.get_absolute_url(),
    }
    return render(request, "enrolments/enrolment_cancel.html", context)


def my_training(request: Request) -> HttpResponse:
    """Where I learn, wait or have learnt, each with what else there is for it."""
    rows = list(policy.own_enrolments(request.user))
    links = links_for(request.user, rows)
    shown: dict[str, list[Any]] = {"now": [], "past": []}
    for row in rows:
        current = row.state in (Enrolment.State.WAITING, Enrolment.State.ENROLLED)
        shown["now" if current else "past"].append((row, links.get(row.pk, [])))
    return render(request, "enrolments/my_training.html", {**shown, "today": clock.today()})


def session_of(request: PublicRequest, consortium: Consortium, pk: int) -> Session:
    rows = offering.visible_sessions(request.user)
    return get_object_or_404(rows, pk=pk, course__consortium=consortium)


def enrolment_of(request: Request, consortium: Consortium, pk: int) -> Enrolment:
    rows = policy.visible_enrolments(request.user)
    return get_object_or_404(rows, pk=pk, session__course__consortium=consortium)


def _firms(request: PublicRequest) -> list[Organisation]:
    return list(policy.acting_firms(request.user)) if request.user.is_authenticated else []


def _mine(request: PublicRequest, session: Session) -> Enrolment | None:
    if not request.user.is_authenticated:
        return None
    rows = policy.own_enrolments(request.user)
    return rows.filter(session=session, state__in=Enrolment.LIVE).first()


def _url(session: Session) -> str:
    return session.get_absolute_url()


def _told(enrolment: Enrolment) -> str:
    if enrolment.state == Enrolment.State.ENROLLED:
        return _("You have a place.")
    return _("It is full. You are on the waiting list and are told when a place becomes free.")


def _enrolled(
    request: Request, session: Session, organisation: Organisation, rows: list[services.Entry]
) -> bool:
    try:
        placed, waiting = services.enrol_many(session, organisation, rows, by=request.user)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return False
    facts = {"placed": placed, "waiting": waiting}
    messages.success(request, _("Places: %(placed)s. Waiting: %(waiting)s.") % facts)
    return True
