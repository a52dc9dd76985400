"""One position and what both sides do with it; an employer's own, and the secretariat's review."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of
from silian.industry.demand import policy, services
from silian.industry.demand.forms import PositionForm, SkillFormSet
from silian.industry.demand.models import Position, Rhythm
from silian.industry.demand.posting import job_posting
from silian.industry.demand.tables import DeskFilter, DeskTable, ReviewTable
from silian.kernel.accounts.models import User
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict


def own_positions(request: Request, consortium: Consortium) -> HttpResponse:
    """What my organisations need, in every state."""
    mine = policy.visible_positions(request.user).filter(
        consortium=consortium, organisation__in=organisations_of(request.user)
    )
    context = {"consortium": consortium, "may_state": policy.may_state(request.user, consortium)}
    listing = Listing(request, mine, DeskTable, DeskFilter, name="our-positions")
    return listing.page("demand/own_positions.html", context)


def position_review(request: Request, consortium: Consortium) -> HttpResponse:
    """What members handed in, for the secretariat; several can be decided at once."""
    policy.may_review(request.user, consortium).enforce()
    rows = policy.visible_positions(request.user).filter(consortium=consortium)
    listing = Listing(request, rows, ReviewTable, DeskFilter, name="positions")
    waiting = rows.filter(state=Position.State.SUBMITTED).count()
    context = {"consortium": consortium, "waiting": waiting}
    return listing.page("demand/position_review.html", context)


@require_POST
def positions_decide(request: Request, consortium: Consortium) -> HttpResponse:
    """Publish or return what was ticked, all of it or none."""
    policy.may_review(request.user, consortium).enforce()
    chosen = list(chosen_positions(request, consortium))
    if not chosen:
        messages.error(request, _("Nothing was chosen."))
    for position in chosen:
        policy.may_decide(request.user, position).enforce()
    if "return" not in request.POST:
        count = services.publish_positions(chosen, by=request.user)
        done = ngettext("%(n)s position is published.", "%(n)s positions are published.", count)
    elif reason := _reason(request):
        count = services.return_positions(chosen, reason=reason, by=request.user)
        done = ngettext("%(n)s position was returned.", "%(n)s positions were returned.", count)
    else:
        count, done = 0, ""
    if count:
        messages.success(request, done % {"n": count})
    return redirect("demand:position_review", consortium)


def chosen_positions(request: Request, consortium: Consortium) -> Any:
    """What was ticked, of what one may see."""
    keys = [key for key in request.POST.getlist("position") if key.isdecimal()]
    return policy.visible_positions(request.user).filter(consortium=consortium, pk__in=keys)


@login_not_required
def position_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    verdicts = {
        f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, position)
        for verb in "edit submit withdraw decide close confirm reopen copy see_contact".split()
    }
    valid_through = position.valid_through(Rhythm.of(consortium))
    context = {
        "object": position,
        "consortium": consortium,
        "needs": position.skill_needs.select_related("skill"),
        "programmes": position.programmes.all(),
        "ours": position.organisation_id in organisations_of(request.user),
        "inside": position.organisation_id in organisations_of(request.user)
        or bool(policy.may_review(request.user, consortium)),
        "valid_through": valid_through,
        "json_ld": job_posting(position, request.build_absolute_uri(), valid_through),
        **verdicts,
    }
    return render(request, "demand/position_detail.html", context)


def position_new(request: Request, consortium: Consortium, kind: str) -> HttpResponse:
    """A blank form of one kind."""
    policy.may_state(request.user, consortium).enforce()
    if kind not in Position.Kind.values:
        raise Http404
    contact = {"contact_name": request.user.name, "contact_phone": request.user.phone or ""}
    return _form_page(request, consortium, Position(kind=kind, **contact))


def position_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    position = _visible(request, consortium, pk)
    policy.may_edit(request.user, position).enforce()
    if (kind := request.GET.get("kind")) in Position.Kind.values:
        position.kind = kind or position.kind
    return _form_page(request, consortium, position)


ACTS: dict[str, tuple[Callable[[User, Position], Verdict], Callable[..., None]]] = {
    "submit": (policy.may_submit, services.submit_position),
    "withdraw": (policy.may_withdraw, services.withdraw_position),
    "publish": (policy.may_decide, services.publish_position),
    "return": (policy.may_decide, services.return_position),
    "close": (policy.may_close, services.close_position),
    "confirm": (policy.may_confirm, services.confirm_position),
    "reopen": (policy.may_reopen, services.reopen_position),
}
REASONED = {"return", "close"}


@require_POST
def position_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    """One thing that is done to one position."""
    if verb not in ACTS:
        raise Http404
    position = _visible(request, consortium, pk)
    may, act = ACTS[verb]
    may(request.user, position).enforce()
    given = {"reason": _reason(request)} if verb in REASONED else {}
    if all(given.values()):
        act(position, by=request.user, **given)
    return redirect("demand:position_detail", consortium, pk)


def _visible(request: PublicRequest, consortium: Consortium, pk: int) -> Position:
    return get_object_or_404(policy.visible_positions(request.user), pk=pk, consortium=consortium)


def _reason(request: Request) -> str:
    """What the dialog asked for; without it nothing is done and the page says so."""
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        messages.error(request, _("Please give a reason."))
    return reason


def _form_page(request: Request, consortium: Consortium, position: Position) -> HttpResponse:
    submitting = "submit" in request.POST
    form = PositionForm(
        request.POST or None,
        instance=position,
        consortium=consortium,
        employers=policy.visible_employers(request.user, consortium),
        complete=submitting,
    )
    known = position.skill_needs.values("skill", "level") if position.pk else []
    skills = SkillFormSet(request.POST or None, prefix="skills", initial=list(known))
    if request.method == "POST" and all([form.is_valid(), skills.is_valid()]):
        saved = services.save_position(
            form.save(commit=False),
            skills=skills.chosen(),
            programmes=form.cleaned_data["programmes"],
            by=request.user,
        )
        if submitting:
            services.submit_position(saved, by=request.user)
        told = _("Handed in for review.") if submitting else _("The draft is saved.")
        messages.success(request, told)
        return redirect("demand:position_detail", consortium, saved.pk)
    context = {"form": form, "skills": skills, "consortium": consortium, "object": position}
    context |= {"kinds": Position.Kind.choices}
    return render(request, "demand/position_form.html", context)
