"""Suggested skills and proposed terms: looked through, decided many at once, taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST

from silian.education.skillmap import policy, services, tasks
from silian.education.skillmap.forms import AddForm, SynonymForm
from silian.education.skillmap.models import Candidate, Suggestion
from silian.education.skillmap.tables import (
    DecidedTable,
    DecidedTermTable,
    SuggestionFilter,
    SuggestionTable,
    TermFilter,
    TermTable,
)
from silian.education.standards.policy import writes_for
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import is_secretary
from silian.industry.demand.models import SkillNeed
from silian.industry.occupations.policy import visible_skills
from silian.kernel.http import Request
from silian.kernel.jobs import services as jobs
from silian.kernel.ui.listing import Listing

WAITING = Suggestion.State.WAITING


# --- suggestions ------------------------------------------------------------------------
def suggestion_index(request: Request, consortium: Consortium) -> HttpResponse:
    """What my texts seem to name, to be confirmed."""
    policy.may_read(request.user, consortium).enforce()
    rows = _suggestions(request, consortium).filter(policy.OPEN, state=WAITING)
    listing = Listing(request, rows, SuggestionTable, SuggestionFilter, name="suggested-skills")
    return listing.page("skillmap/suggestion_index.html", _shared(request, consortium, "waiting"))


def suggestion_decided(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_read(request.user, consortium).enforce()
    rows = _suggestions(request, consortium).exclude(state=WAITING).order_by("-decided_at")
    listing = Listing(request, rows, DecidedTable, SuggestionFilter, name="decided-skills")
    return listing.page("skillmap/suggestion_decided.html", _shared(request, consortium, "decided"))


@require_POST
def suggestion_decide(request: Request, consortium: Consortium) -> HttpResponse:
    """Confirm or reject those that were chosen, all in one."""
    rows = _suggestions(request, consortium).filter(state=WAITING)
    chosen = list(rows.filter(pk__in=_chosen(request)))
    for suggestion in chosen:
        policy.may_decide(request.user, suggestion).enforce()
    if not chosen:
        messages.error(request, _("Choose at least one first."))
    elif "accept" in request.POST:
        levels = {s.pk: _level(request, s) for s in chosen}
        count = services.accept_suggestions(chosen, levels=levels, by=request.user)
        told = ngettext("%(count)s skill confirmed.", "%(count)s skills confirmed.", count)
        messages.success(request, told % {"count": count})
    else:
        count = services.reject_suggestions(chosen, by=request.user)
        told = ngettext("%(count)s suggestion rejected.", "%(count)s suggestions rejected.", count)
        messages.success(request, told % {"count": count})
    return redirect("skillmap:suggestion_index", consortium)


@require_POST
def suggestion_undo(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    suggestion = get_object_or_404(_suggestions(request, consortium), pk=pk)
    policy.may_undo(request.user, suggestion).enforce()
    services.undo_suggestion(suggestion, by=request.user)
    messages.success(request, _("The decision is taken back."))
    return redirect("skillmap:suggestion_decided", consortium)


@require_POST
def text_read(request: Request, consortium: Consortium) -> HttpResponse:
    """Read the texts now: the secretariat all, a member its own."""
    policy.may_read(request.user, consortium).enforce()
    url = reverse("skillmap:suggestion_index", args=[consortium])
    whose = [None] if is_secretary(request.user, consortium) else writes_for(request.user)
    for organisation in whose:
        jobs.start(
            tasks.read_texts,
            title=gettext_noop("Read positions and course units for skills"),
            by=request.user,
            url=url,
            consortium_id=consortium.pk,
            organisation_id=organisation,
        )
    return redirect(url)


def _suggestions(request: Request, consortium: Consortium) -> Any:
    return policy.visible_suggestions(request.user).filter(policy.within(consortium))


def _shared(request: Request, consortium: Consortium, tab: str) -> dict[str, Any]:
    url = reverse("skillmap:suggestion_index", args=[consortium])
    return {
        "consortium": consortium,
        "tab": tab,
        "may_read": policy.may_read(request.user, consortium),
        "may_review": policy.may_review(request.user, consortium),
        "job": policy.visible_readings(request.user, url).first(),
    }


def _chosen(request: Request) -> list[int]:
    return [int(key) for key in request.POST.getlist("chosen") if key.isdecimal()]


def _level(request: Request, suggestion: Suggestion) -> int:
    """The level as it was corrected in the list, or as it was read."""
    sent = request.POST.get(f"level-{suggestion.pk}", "")
    return int(sent) if sent in map(str, SkillNeed.Level.values) else suggestion.level


# --- new terms --------------------------------------------------------------------------
def term_index(request: Request, consortium: Consortium) -> HttpResponse:
    """Words that the vocabulary may lack, those that stand in most texts first."""
    policy.may_review(request.user, consortium).enforce()
    rows = _terms(request, consortium).filter(state=Candidate.State.WAITING)
    listing = Listing(request, rows.order_by("-times", "pk"), TermTable, TermFilter, name="terms")
    return listing.page("skillmap/term_index.html", _shared(request, consortium, "terms"))


def term_decided(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_review(request.user, consortium).enforce()
    rows = _terms(request, consortium).exclude(state=Candidate.State.WAITING)
    rows = rows.order_by("-decided_at")
    listing = Listing(request, rows, DecidedTermTable, TermFilter, name="decided-terms")
    return listing.page("skillmap/term_decided.html", _shared(request, consortium, "old-terms"))


@require_POST
def term_decide(request: Request, consortium: Consortium) -> HttpResponse:
    """Take in or reject those that were chosen, all in one."""
    policy.may_review(request.user, consortium).enforce()
    rows = _terms(request, consortium).filter(state=Candidate.State.WAITING)
    chosen = list(rows.filter(pk__in=_chosen(request)))
    try:
        if not chosen:
            messages.error(request, _("Choose at least one first."))
        elif "accept" in request.POST:
            count = services.add_terms(chosen, by=request.user)
            told = ngettext("%(count)s skill added.", "%(count)s skills added.", count)
            messages.success(request, told % {"count": count})
        else:
            count = services.reject_terms(chosen, by=request.user)
            told = ngettext("%(count)s term rejected.", "%(count)s terms rejected.", count)
            messages.success(request, told % {"count": count})
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("skillmap:term_index", consortium)


def term_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """One term with every passage, and the three things that can become of it."""
    policy.may_review(request.user, consortium).enforce()
    term = get_object_or_404(_terms(request, consortium), pk=pk)
    sent = request.POST if term.state == Candidate.State.WAITING else None
    does = request.POST.get("does", "")
    add = AddForm(sent if does == "add" else None, candidate=term)
    skills = visible_skills(request.user)
    synonym = SynonymForm(sent if does == "synonym" else None, skills=skills)
    try:
        if _done(request, term, does, add, synonym):
            messages.success(request, _("“%(term)s” is decided.") % {"term": term})
            return redirect("skillmap:term_index", consortium)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    context = {
        "object": term,
        "consortium": consortium,
        "sightings": policy.visible_sightings(request.user, consortium).filter(candidate=term),
        "add": add,
        "synonym": synonym,
    }
    return render(request, "skillmap/term_detail.html", context)


@require_POST
def term_undo(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    policy.may_review(request.user, consortium).enforce()
    term = get_object_or_404(_terms(request, consortium), pk=pk)
    try:
        services.undo_term(term, by=request.user)
        messages.success(request, _("The decision is taken back."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("skillmap:term_detail", consortium, pk)


def _done(request: Request, term: Candidate, does: str, add: AddForm, synonym: SynonymForm) -> bool:
    """Do what was sent, where it is complete."""
    if does == "add" and add.is_valid():
        services.add_term(term, **add.cleaned_data, by=request.user)
    elif does == "synonym" and synonym.is_valid():
        services.make_synonym(term, of=synonym.cleaned_data["skill"], by=request.user)
    elif does == "reject":
        services.reject_terms([term], by=request.user)
    else:
        return False
    return True


def _terms(request: Request, consortium: Consortium) -> Any:
    """Each with its passages in this consortium as ``here``."""
    seen = policy.visible_sightings(request.user, consortium)
    passages = Prefetch("sightings", queryset=seen, to_attr="here")
    return policy.visible_candidates(request.user, consortium).prefetch_related(passages)
