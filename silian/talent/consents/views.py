"""What I allow whom, who saw me; the page of a guardian; the school's list of guardians asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from silian.governance.members.models import Organisation
from silian.governance.members.policy import visible_organisations
from silian.kernel.files.services import respond
from silian.kernel.http import PublicRequest, Request
from silian.kernel.persons.services import person_of
from silian.kernel.ui.listing import Listing
from silian.talent.consents import policy, services
from silian.talent.consents.forms import ChooseForm, GuardianForm, ScanForm
from silian.talent.consents.models import Consent, Question
from silian.talent.consents.tables import ViewFilter, ViewTable
from silian.talent.consents.wordings import Wording, wording_of, wordings
from silian.talent.profiles.policy import visible_schools

FOUND = 10  # organisations that a search offers


def consent_index(request: Request) -> HttpResponse:
    """Everything I allow, and could: each with one button to give and one to withdraw."""
    person = person_of(request.user)
    mine = list(policy.visible_consents(request.user))
    running = {(one.purpose, one.recipient_id): one for one in mine if one.withdrawn_at is None}
    general = [(one, running.get((one.purpose, None))) for one in wordings() if not one.recipient]
    newest: dict[tuple[str, int | None], Consent] = {}
    for one in mine:
        if one.recipient_id:
            newest.setdefault((one.purpose, one.recipient_id), one)
    context = {
        "person": person,
        "general": general,
        "named": list(newest.values()),
        "past": [one for one in mine if one.withdrawn_at],
        "outdated": policy.outdated(person),
        "questions": policy.visible_questions(request.user).filter(person=person),
        "may_give": policy.may_give(request.user, person),
        "may_ask": policy.may_ask_guardian(request.user, person),
    }
    return render(request, "consents/consent_index.html", context)


@require_GET
def recipient_index(request: Request) -> HttpResponse:
    """Find the organisation that shall be allowed to read my record."""
    words = request.GET.get("q", "").strip()[:100]
    found = policy.visible_recipients(words)[:FOUND] if words else []
    return render(request, "consents/recipient_index.html", {"q": words, "found": found})


def consent_give(request: Request, purpose: str) -> HttpResponse:
    """The wording for one purpose and one recipient, and the button that consents to it."""
    wording = _wording(purpose)
    recipient = _recipient(request, wording)
    person = person_of(request.user)
    form = ChooseForm(request.POST or None, wording=wording)
    may_give = policy.may_give(request.user, person)
    may_ask = policy.may_ask_guardian(request.user, person)
    if request.method == "POST" and (form.is_valid() or not form.fields or _again(request)):
        covers = form.cleaned_data.get("covers") if form.is_valid() else None
        if not may_give:
            may_ask.enforce()
            services.ask_guardian(
                person, purpose, by=request.user, recipient=recipient, covers=covers
            )
            messages.success(request, _("Your guardian is asked."))
        else:
            services.give(person, purpose, by=request.user, recipient=recipient, covers=covers)
            messages.success(request, _("You consented. You can withdraw at any time."))
        return redirect(_next(request))
    context = {
        "wording": wording,
        "recipient": recipient,
        "form": form,
        "next": request.GET.get("next", ""),
        "may_give": may_give,
        "may_ask": may_ask,
    }
    return render(request, "consents/consent_give.html", context)


@require_POST
def consent_withdraw(request: Request, pk: int) -> HttpResponse:
    consent = get_object_or_404(policy.visible_consents(request.user), pk=pk)
    policy.may_withdraw(request.user, consent).enforce()
    services.withdraw(consent, by=request.user)
    messages.success(request, _("Withdrawn. From now on nothing is allowed any more."))
    return redirect(_next(request))


@require_GET
def view_index(request: Request) -> HttpResponse:
    """Everybody else who saw data of mine."""
    rows = policy.visible_views(request.user)
    listing = Listing(request, rows, ViewTable, ViewFilter, name="views")
    return listing.page("consents/view_index.html")


# --- guardians ----------------------------------------------------------------------------


@never_cache
@login_not_required
def guardian(request: PublicRequest, token: str) -> HttpResponse:
    """The guardian reads what is asked; consents, refuses, or withdraws later by the same link."""
    question = services.find_question(token)
    if question is None or question.state == Question.State.LAPSED:
        raise Http404
    form = GuardianForm(request.POST if request.POST.get("answer") == "yes" else None)
    if request.method == "POST" and _answered(question, request.POST.get("answer", ""), form):
        return redirect("consents:guardian", token)
    context = {"question": question, "wording": wording_of(question.purpose), "form": form}
    return render(request, "consents/guardian.html", context)


def _answered(question: Question, answer: str, form: GuardianForm) -> bool:
    if answer == "yes" and form.is_valid():
        services.consent_for_child(question, guardian=form.cleaned_data["name"])
    elif answer == "no":
        services.refuse_for_child(question)
    elif answer == "withdraw" and question.consent:
        services.withdraw(question.consent, by=None)
    else:
        return False
    return True


@require_GET
def question_index(request: Request, school_id: int) -> HttpResponse:
    """Guardians of the school's pupils who were asked, with the link to hand over."""
    school = _school(request, school_id)
    rows = policy.visible_questions(request.user).filter(person__enrolments__school=school)
    context = {"school": school, "questions": rows.distinct()[:200]}
    return render(request, "consents/question_index.html", context)


def question_scan(request: Request, school_id: int, pk: int) -> HttpResponse:
    """Enter what a guardian signed on paper."""
    school, question = _question(request, school_id, pk)
    policy.may_keep_scan(request.user, question).enforce()
    form = ScanForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        services.keep_scan(
            question,
            form.cleaned_data["file"],
            guardian=form.cleaned_data["guardian"],
            by=request.user,
        )
        messages.success(request, _("The guardian's consent is entered."))
        return redirect("consents:question_index", school.pk)
    cancel = reverse("consents:question_index", args=[school.pk])
    context = {"form": form, "question": question, "school": school, "cancel": cancel}
    wording = wording_of(question.purpose)
    return render(request, "consents/question_scan.html", context | {"wording": wording})


@require_GET
def question_file(request: Request, school_id: int, pk: int) -> HttpResponseBase:
    question = _question(request, school_id, pk)[1]
    if question.scan is None:
        raise Http404
    return respond(question.scan, inline=True)


def _school(request: Request, pk: int) -> Organisation:
    return get_object_or_404(visible_schools(request.user), pk=pk)


def _question(request: Request, school_id: int, pk: int) -> tuple[Organisation, Question]:
    school = _school(request, school_id)
    rows = policy.visible_questions(request.user).filter(person__enrolments__school=school)
    return school, get_object_or_404(rows.distinct(), pk=pk)


def _wording(purpose: str) -> Wording:
    if purpose not in Consent.Purpose.values:
        raise Http404
    return wording_of(purpose)


def _recipient(request: Request, wording: Wording) -> Organisation | None:
    if not wording.recipient:
        return None
    key = request.POST.get("recipient") or request.GET.get("recipient", "")
    if not key.isdigit() or len(key) > 18:
        raise Http404
    return get_object_or_404(visible_organisations(request.user), pk=key)


def _again(request: Request) -> bool:
    """Given with one press in the list, for all that the wording names."""
    return "again" in request.POST


def _next(request: Request) -> str:
    """Back to the page that asked, where it is one of ours."""
    wanted = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if inside else reverse("consents:consent_index")
