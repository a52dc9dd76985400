"""Applying, the list that passes between both sides, and one learner."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import organisations_of
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.policy import firm_side, may_take_part, visible_cohorts
from silian.talent.cohorts.rules import RulesBroken
from silian.talent.consents.services import note_view
from silian.talent.selections import consenting, policy, services
from silian.talent.selections.forms import (
    ApplyForm,
    InterviewForm,
    RoundForm,
    choice_forms,
    twice_in_line,
)
from silian.talent.selections.tables import LearnerFilter, LearnerTable, page_of


def my_places(request: Request, consortium: Consortium) -> HttpResponse:
    """The cohorts in which I applied or learn."""
    places = policy.own_places(request.user).filter(cohort__consortium=consortium)
    context = {"places": places, "consortium": consortium}
    return render(request, "selections/my_places.html", context)


def apply(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    if place := policy.place_of(request.user, cohort):
        return redirect(page_of(place))
    policy.may_apply(request.user, cohort).enforce()
    student = policy.enrolment_for(request.user, cohort)
    form = ApplyForm(request.POST or None, wording=consenting.wording(cohort))
    if student and form.is_valid():
        learner = services.apply(
            cohort, student, statement=form.cleaned_data["statement"], by=request.user
        )
        if form.cleaned_data["consent"] and policy.may_consent(request.user, learner):
            consenting.give(learner, by=request.user)
        messages.success(request, _("Your application is with the school."))
        return redirect(page_of(learner))
    context = {"form": form, "cohort": cohort, "consortium": consortium}
    return render(request, "selections/apply.html", context | {"cancel": cohort.get_absolute_url()})


def desk(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The list: whose turn it is, the decisions, and everybody who applied."""
    cohort = _cohort(request, consortium, pk)
    if place := policy.place_of(request.user, cohort):
        return redirect(page_of(place))
    may_take_part(request.user, cohort).enforce()
    return _desk_page(request, cohort, choice_forms(_applied(request, cohort)))


@require_POST
def choose(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Save the decisions; where that was pressed, pass the list on."""
    cohort = _cohort(request, consortium, pk)
    policy.may_choose(request.user, cohort).enforce()
    forms = choice_forms(_applied(request, cohort), request.POST)
    if False in [form.is_valid() for form in forms] or twice_in_line(forms):
        return _desk_page(request, cohort, forms)
    side = policy.side_of(request.user, cohort)
    choices = {f.learner.pk: (f.cleaned_data["choice"], f.cleaned_data["order"]) for f in forms}
    done = _done(request, lambda: services.choose(cohort, choices, by=request.user, side=side))
    if done and "pass" in request.POST:
        return _pass_on(request, cohort, side)
    if done:
        messages.success(request, _("Saved."))
    return redirect("selections:desk", consortium, pk)


def _pass_on(request: Request, cohort: Cohort, side: str) -> HttpResponse:
    note = request.POST.get("note", "").strip()[:300]
    both: list[bool] = []
    if _done(
        request,
        lambda: both.append(services.pass_on(cohort, note=note, by=request.user, side=side)),
    ):
        told = (
            _("Both sides agree: everybody has been told.")
            if both[0]
            else _("The list is with the other side now.")
        )
        messages.success(request, told)
    return redirect("selections:desk", cohort.consortium, cohort.pk)


@require_POST
def fill(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    policy.may_fill(request.user, cohort).enforce()
    if _done(request, lambda: services.fill_place(cohort, by=request.user)):
        messages.success(request, _("The next in line has the place."))
    return redirect("selections:desk", consortium, pk)


@require_POST
def placements_import(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    policy.may_import(request.user, cohort).enforce()
    form = RoundForm(policy.rounds_for(cohort), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a round."))
    else:
        found = form.cleaned_data["round"]
        if _done(request, lambda: services.import_placements(cohort, found, by=request.user)):
            messages.success(request, _("The placements are taken over."))
    return redirect("selections:desk", consortium, pk)


def interviews(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    policy.may_score(request.user, cohort).enforce()
    rows = _applied(request, cohort)
    form = InterviewForm(rows, request.POST or None, initial={"learners": rows})
    if form.is_valid():
        data = form.cleaned_data
        services.set_interviews(
            cohort, data["learners"], at=data["at"], place=data["place"], by=request.user
        )
        messages.success(request, _("The applicants are called."))
        return redirect("selections:desk", consortium, pk)
    cancel = reverse("selections:desk", args=[consortium, pk])
    context = {"form": form, "cohort": cohort, "consortium": consortium, "cancel": cancel}
    return render(request, "selections/interviews.html", context)


def learner_detail(request: Request, consortium: Consortium, pk: int, learner: int) -> HttpResponse:
    cohort, found = _learner(request, consortium, pk, learner)
    own = found.student.user_id == request.user.pk
    if found.named and not own:  # type: ignore[attr-defined]
        note_view(
            found.student.person,
            gettext_noop("My place in a cohort"),
            by=request.user,
            organisation=_reader(request, cohort),
        )
    context = {
        "object": found,
        "learner": found,
        "cohort": cohort,
        "consortium": consortium,
        "own": own,
        "inside": bool(may_take_part(request.user, cohort)),
        "consented": consenting.consented(found),
        "wording": consenting.wording(cohort),
        "may_leave": policy.may_leave(request.user, found),
        "may_consent": policy.may_consent(request.user, found),
    }
    return render(request, "selections/learner_detail.html", context)


@require_POST
def learner_leave(request: Request, consortium: Consortium, pk: int, learner: int) -> HttpResponse:
    _cohort_row, found = _learner(request, consortium, pk, learner)
    policy.may_leave(request.user, found).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        services.leave(found, reason=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect(page_of(found))


@require_POST
def learner_consent(
    request: Request, consortium: Consortium, pk: int, learner: int, given: str
) -> HttpResponse:
    """Consent is given and withdrawn by the same one press."""
    _cohort_row, found = _learner(request, consortium, pk, learner)
    policy.may_consent(request.user, found).enforce()
    verb = consenting.give if given == "give" else consenting.withdraw
    verb(found, by=request.user)
    return redirect(page_of(found))


def _desk_page(request: Request, cohort: Cohort, forms: list[Any]) -> HttpResponse:
    rows = policy.learners_in(request.user, cohort)
    listing = Listing(request, rows, LearnerTable, LearnerFilter, name="learners")
    selection = policy.selection_of(cohort)
    verbs = "choose fill enter score import".split()
    context = {
        "cohort": cohort,
        "object": cohort,
        "consortium": cohort.consortium,
        "selection": selection,
        "handovers": selection.handovers.select_related("by")[:10] if selection.pk else (),
        "forms": forms,
        "rounds": RoundForm(policy.rounds_for(cohort)),
        "free": cohort.quota - cohort.learners.placed().count(),
        **{f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, cohort) for verb in verbs},
    }
    return listing.page("selections/desk.html", context)


def _cohort(request: Request, consortium: Consortium, pk: int) -> Cohort:
    return get_object_or_404(visible_cohorts(request.user), pk=pk, consortium=consortium)


def _learner(request: Request, consortium: Consortium, pk: int, key: int) -> tuple[Cohort, Learner]:
    cohort = _cohort(request, consortium, pk)
    return cohort, get_object_or_404(policy.learners_in(request.user, cohort), pk=key)


def _applied(request: Request, cohort: Cohort) -> Any:
    rows = policy.learners_in(request.user, cohort)
    return rows.filter(state=Learner.State.APPLIED).order_by("number")


def _reader(request: Request, cohort: Cohort) -> Organisation | None:
    """For whom the reader looks at a learner."""
    if not firm_side(request.user, cohort):
        return cohort.school
    acting = organisations_of(request.user)
    return next((firm for firm in cohort.firms if firm.pk in acting), None)


def _done(request: Request, verb: Callable[[], Any]) -> bool:
    """Do it, or say on the page why it cannot be done."""
    try:
        verb()
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return False
    except RulesBroken as broken:
        messages.error(request, str(broken))
        return False
    return True
