"""A student's wishes. What employers do with them is in ``applicants.py``."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict
from silian.talent.consents.policy import may_give
from silian.talent.consents.wordings import wording_of
from silian.talent.criteria.policy import visible_scores
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round
from silian.talent.rounds.policy import visible_rounds
from silian.talent.wishes import consenting, policy, services
from silian.talent.wishes.models import Wish
from silian.talent.wishes.tables import ChoiceFilter, ChoiceTable


def wish_list(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """My wishes in order, and the positions to choose from."""
    found, student = _round_and_me(request, consortium, round_id)
    mine = policy.visible_wish_lists(request.user).filter(round=found, student=student).first()
    wishes = list(policy.visible_wishes(mine)) if mine else []
    may_wish = policy.may_wish(student, found)
    choices = policy.visible_choices(student, found)
    listing = Listing(request, choices, ChoiceTable, ChoiceFilter, name="choices", per_page=10)
    listing.table.chosen = frozenset(wish.seat_id for wish in wishes)
    listing.table.may_add = bool(may_wish) and len(wishes) < found.max_wishes
    context = {
        "round": found,
        "consortium": consortium,
        "student": student,
        "mine": mine,
        "wishes": wishes,
        "version": mine.version if mine else 0,
        "may_wish": may_wish,
        "scores": visible_scores(student, found),
        "wording": wording_of(policy.PLACEMENT),
        "recipients": consenting.recipients(mine) if mine else [],
        "allowed": consenting.allowed(mine) if mine else set(),
        "may_give": may_give(request.user, student.person),
    }
    return listing.page("wishes/wish_list.html", context)


@require_POST
def wish_add(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    found, student = _round_and_me(request, consortium, round_id)
    policy.may_wish(student, found).enforce()
    seat = get_object_or_404(policy.visible_choices(student, found), pk=_number(request, "seat"))
    policy.may_choose(seat).enforce()
    return _changed(
        request,
        found,
        lambda: services.add_wish(
            found, student, seat, version=_number(request, "version"), by=request.user
        ),
    )


@require_POST
def wish_place(request: Request, consortium: Consortium, round_id: int, pk: int) -> HttpResponse:
    wish = _own_wish(request, consortium, round_id, pk)
    return _changed(
        request,
        wish.list.round,
        lambda: services.place_wish(
            wish,
            order=_number(request, "order"),
            version=_number(request, "version"),
            by=request.user,
        ),
    )


@require_POST
def wish_remove(request: Request, consortium: Consortium, round_id: int, pk: int) -> HttpResponse:
    wish = _own_wish(request, consortium, round_id, pk)
    return _changed(
        request,
        wish.list.round,
        lambda: services.remove_wish(wish, version=_number(request, "version"), by=request.user),
    )


@require_POST
def wishes_confirm(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    found, student = _round_and_me(request, consortium, round_id)
    policy.may_wish(student, found).enforce()
    mine = get_object_or_404(policy.visible_wish_lists(request.user), round=found, student=student)
    named = "consent" in request.POST and bool(may_give(request.user, student.person))
    return _changed(
        request,
        found,
        lambda: services.confirm_wishes(
            mine, version=_number(request, "version"), by=request.user, named=named
        ),
    )


@require_POST
def wishes_consent(
    request: Request, consortium: Consortium, round_id: int, given: str
) -> HttpResponse:
    """Whether the employers read who I am is given and withdrawn by the same one press."""
    found, student = _round_and_me(request, consortium, round_id)
    mine = get_object_or_404(policy.visible_wish_lists(request.user), round=found, student=student)
    if given == "give":
        may_give(request.user, student.person).enforce()
        consenting.give(mine, by=request.user)
    else:
        consenting.withdraw(mine, by=request.user)
    return redirect(_back(request, found))


def _changed(request: Request, found: Round, change: Callable[[], None]) -> HttpResponse:
    """Do it, say what came of it, and show the list as it is saved now."""
    try:
        change()
        messages.success(request, _("Saved."))
    except services.ChangedElsewhere:
        told = _("Nothing was changed: your list was changed in another window. It is shown below.")
        messages.warning(request, told)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(_back(request, found))


def _back(request: Request, found: Round) -> str:
    """The page with the filters that were on."""
    page = reverse("wishes:wish_list", args=[found.consortium, found.pk])
    wanted = request.htmx.current_url_abs_path or request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and wanted.startswith(page) else page


def _round_and_me(request: Request, consortium: Consortium, round_id: int) -> tuple[Round, Student]:
    """The round, and the enrolment with which I take part in it."""
    found = get_object_or_404(
        visible_rounds(request.user).exclude(state=Round.State.PREPARED),
        pk=round_id,
        consortium=consortium,
    )
    enrolments = list(policy.visible_enrolments(request.user))
    if not enrolments:
        Verdict(_("Only students state wishes; your account is not joined to one.")).enforce()
    joining = [student for student in enrolments if policy.may_join(student, found)]
    return found, (joining or enrolments)[0]


def _own_wish(request: Request, consortium: Consortium, round_id: int, pk: int) -> Wish:
    found, student = _round_and_me(request, consortium, round_id)
    lists = policy.visible_wish_lists(request.user)
    mine = get_object_or_404(lists, round=found, student=student)
    policy.may_wish(student, found).enforce()
    return get_object_or_404(policy.visible_wishes(mine), pk=pk)


def _number(request: Request, name: str) -> int:
    """A number of the page's own; one that is none leads to nothing that exists."""
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
