"""The council for everybody to read, and what the secretariat notes about its seats."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST

from silian.governance.charters.policy import charter_of
from silian.governance.consortia.models import Consortium
from silian.governance.council import policy, services, standing
from silian.governance.council.forms import (
    AlignForm,
    FillForm,
    LeaveForm,
    PostponeForm,
    ReplaceForm,
)
from silian.governance.council.models import Seat, Term
from silian.governance.council.tables import PastFilter, PastTable, SeatFilter, SeatTable
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing

Act = Callable[[], Any]


@login_not_required
def seat_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """The posts in order, with who holds them; the secretariat also sees what waits."""
    seats = policy.visible_seats(request.user).filter(consortium=consortium).open()
    context: dict[str, Any] = {
        "consortium": consortium,
        "charter": charter_of(consortium),
        "tally": standing.tally(consortium),
        "course": standing.course(consortium),
        "has_past": policy.visible_terms(request.user).filter(seat__consortium=consortium).past(),
        "may_fill": policy.may_fill_seats(request.user, consortium),
    }
    if context["may_fill"]:
        context |= {
            "may_raise": policy.may_raise(request.user, consortium),
            "may_postpone": policy.may_postpone(request.user, consortium),
            "shortfall": standing.shortfall(consortium),
            "expiring": standing.expiring(consortium, standing.SOON),
            "to_align": len(standing.grades_to_align(consortium)),
        }
    listing = Listing(request, seats, SeatTable, SeatFilter, name="council", per_page=100)
    return listing.page("council/seat_index.html", context)


@login_not_required
def past_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    terms = policy.visible_terms(request.user).filter(seat__consortium=consortium).past()
    listing = Listing(request, terms, PastTable, PastFilter, name="past-council")
    return listing.page("council/past_index.html", {"consortium": consortium})


@login_not_required
def roster(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """The council post by post, to be printed."""
    seats = policy.visible_seats(request.user).filter(consortium=consortium).open()
    context = {"consortium": consortium, "seats": seats, "course": standing.course(consortium)}
    return render(request, "council/roster.html", context)


@login_not_required
def seat_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    seat = _seat(request, consortium, pk)
    terms = policy.visible_terms(request.user).filter(seat=seat).order_by("-start", "-pk")
    holder = seat.holder
    context = {
        "object": seat,
        "seat": seat,
        "consortium": consortium,
        "holder": holder,
        "terms": terms,
        "may_manage": policy.may_fill_seats(request.user, consortium),
        "may_fill": policy.may_fill(request.user, seat),
        "may_end": holder and policy.may_end(request.user, holder),
    }
    return render(request, "council/seat_detail.html", context)


def _seat(request: PublicRequest, consortium: Consortium, pk: int) -> Seat:
    return get_object_or_404(policy.visible_seats(request.user), pk=pk, consortium=consortium)


def _term(request: PublicRequest, consortium: Consortium, pk: int) -> Term:
    terms = policy.visible_terms(request.user)
    return get_object_or_404(terms, pk=pk, seat__consortium=consortium)


@require_POST
def seats_raise(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_raise(request.user, consortium).enforce()
    raised = services.raise_seats(consortium, by=request.user)
    said = _("Seats set up: %(added)s. Seats abolished: %(closed)s.") % vars(raised)
    messages.success(request, said)
    return redirect("council:seat_index", consortium)


def seat_fill(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    seat = _seat(request, consortium, pk)
    policy.may_fill(request.user, seat).enforce()
    form = FillForm(seat, request.POST or None)
    if form.is_valid():
        co_opted = form.cleaned_data["how"] == Term.How.CO_OPTED
        fill = services.co_opt if co_opted else services.appoint
        if _done(form, lambda: fill(seat, by=request.user, **form.facts())):
            messages.success(request, _("The seat is filled."))
            return redirect(seat)
    charter = charter_of(consortium)
    context = {
        "consortium": consortium,
        "seat": seat,
        "form": form,
        "age_limit": charter.age_limit if charter and seat.leads else None,
        "cancel": seat.get_absolute_url(),
    }
    return render(request, "council/seat_fill.html", context)


# How a term ends before its time: the form, the service, the heading, what is said then.
ENDINGS: dict[str, tuple[type[LeaveForm], Callable[..., Any], str, str]] = {
    "resign": (
        LeaveForm,
        services.resign,
        gettext_noop("Resignation"),
        gettext_noop("The resignation is noted."),
    ),
    "dismiss": (
        LeaveForm,
        services.dismiss,
        gettext_noop("Dismissal"),
        gettext_noop("The dismissal is noted."),
    ),
    "replace": (
        ReplaceForm,
        services.replace,
        gettext_noop("Replacement by the unit"),
        gettext_noop("The unit's new person holds the seat."),
    ),
}


def term_end(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    if verb not in ENDINGS:
        raise Http404
    form_class, service, title, said = ENDINGS[verb]
    term = _term(request, consortium, pk)
    policy.may_end(request.user, term).enforce()
    form = form_class(term, request.POST or None)
    if form.is_valid():
        service(term, by=request.user, **form.cleaned_data)
        messages.success(request, _(said))
        return redirect(term)
    cancel = term.get_absolute_url()
    context = {"consortium": consortium, "term": term, "form": form, "heading": _(title)}
    return render(request, "council/term_end.html", context | {"cancel": cancel})


def postpone(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_postpone(request.user, consortium).enforce()
    form = PostponeForm(request.POST or None)
    cancel = reverse("council:seat_index", args=[consortium])
    if form.is_valid():
        moved: list[int] = []
        put_off = services.postpone
        if _done(
            form, lambda: moved.append(put_off(consortium, by=request.user, **form.cleaned_data))
        ):
            said = ngettext("%(count)s term runs on.", "%(count)s terms run on.", moved[0])
            messages.success(request, said % {"count": moved[0]})
            return redirect(cancel)
    context = {"consortium": consortium, "form": form, "cancel": cancel}
    return render(request, "council/postpone.html", context)


def grades(request: Request, consortium: Consortium) -> HttpResponse:
    """Which members get another grade by the seats they hold, before it is done."""
    policy.may_fill_seats(request.user, consortium).enforce()
    form = AlignForm(request.POST or None)
    if form.is_valid():
        count = services.align_grades(consortium, by=request.user, **form.cleaned_data)
        said = ngettext("%(count)s grade is changed.", "%(count)s grades are changed.", count)
        messages.success(request, said % {"count": count})
        return redirect("council:seat_index", consortium)
    context = {
        "consortium": consortium,
        "form": form,
        "changes": standing.grades_to_align(consortium),
        "cancel": reverse("council:seat_index", args=[consortium]),
    }
    return render(request, "council/grades.html", context)


def _done(form: BaseForm, act: Act) -> bool:
    """Do it; False, with the reason on the form, where it cannot be."""
    try:
        act()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
