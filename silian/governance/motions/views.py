"""The register of motions, one motion, and how it is moved, amended and withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.charters.working import restored, rule_in_words
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Item
from silian.governance.meetings.policy import visible_meetings
from silian.governance.motions import amending, policy, services
from silian.governance.motions.forms import AmendmentForm, LetterForm, MergeForm, MotionForm
from silian.governance.motions.models import Motion
from silian.governance.motions.tables import MotionFilter, MotionTable
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing

VERBS = "edit withdraw amend put merge".split()


def motion_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_motions(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_ask_by_letter": policy.may_ask_by_letter(request.user, consortium),
        "leads": policy.leads(request.user, consortium),
    }
    listing = Listing(request, rows, MotionTable, MotionFilter, name="motions")
    return listing.page("motions/motion_index.html", context)


def meeting_motions(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """What is moved in one meeting, item by item."""
    meetings = visible_meetings(request.user).filter(consortium=consortium)
    meeting = get_object_or_404(meetings, pk=pk)
    items = policy.with_motions(policy.visible_items(request.user).filter(meeting=meeting))
    context = {
        "consortium": consortium,
        "meeting": meeting,
        "items": [(item, policy.may_propose(request.user, item)) for item in items],
    }
    return render(request, "motions/meeting_motions.html", context)


def item_motions(request: Request, consortium: Consortium, item: int) -> HttpResponse:
    """The page of the meeting, at this item."""
    found = _item(request, consortium, item)
    page = reverse("motions:meeting_motions", args=[consortium, found.meeting_id])
    return redirect(f"{page}#item-{found.pk}")


def motion_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    motion = visible(request, consortium, pk)
    wordings = policy.visible_wordings(request.user, motion)
    base = motion.amends_wording
    context: dict[str, Any] = {
        "object": motion,
        "motion": motion,
        "consortium": consortium,
        "rule": rule_in_words(policy.rule_of(motion)),
        "secret": policy.is_secret(motion),
        "leads": policy.leads(request.user, consortium),
        "amendments": policy.visible_motions(request.user).filter(amends=motion).order_by("pk"),
        "unmerged": policy.unmerged(motion),
        "compared": base and amending.pair(base, motion),
        "earlier": [(old, *amending.pair(old, motion)) for old in list(wordings)[:-1]],
        "decision": motion.decision and restored(motion.decision),
    }
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, motion) for v in VERBS}
    return render(request, "motions/motion_detail.html", context)


def visible(request: Request, consortium: Consortium, pk: int) -> Motion:
    return get_object_or_404(policy.visible_motions(request.user), pk=pk, consortium=consortium)


def _item(request: Request, consortium: Consortium, pk: int) -> Item:
    items = policy.visible_items(request.user).filter(meeting__consortium=consortium)
    return get_object_or_404(items, pk=pk)


def motion_new(request: Request, consortium: Consortium, item: int) -> HttpResponse:
    """Move something under an item of an agenda."""
    found = _item(request, consortium, item)
    policy.may_propose(request.user, found).enforce()
    blank = Motion(item=found, consortium=consortium, title_zh=found.title_zh)
    blank.title_en = found.title_en
    form = MotionForm(request.POST or None, instance=blank, **_units(request, found))
    if form.is_valid():
        moved = services.propose(form.save(commit=False), by=request.user)
        return redirect(moved)
    cancel = reverse("motions:meeting_motions", args=[consortium, found.meeting_id])
    return _form(request, consortium, form, "motions/motion_new.html", cancel, item=found)


def letter_new(request: Request, consortium: Consortium) -> HttpResponse:
    """Prepare a vote by correspondence."""
    policy.may_ask_by_letter(request.user, consortium).enforce()
    units = policy.visible_units(request.user, consortium)
    form = LetterForm(
        request.POST or None,
        instance=Motion(consortium=consortium),
        rules=policy.rules_by_correspondence(consortium),
        movers=units,
        units=units,
    )
    if form.is_valid():
        moved = services.propose(form.save(commit=False), by=request.user)
        return redirect(moved)
    cancel = reverse("votes:letter_index", args=[consortium])
    return _form(request, consortium, form, "motions/letter_new.html", cancel)


def motion_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    motion = visible(request, consortium, pk)
    policy.may_edit(request.user, motion).enforce()
    form: MotionForm
    if motion.item is None:
        rules = policy.rules_by_correspondence(consortium)
        units = policy.visible_units(request.user, consortium)
        form = LetterForm(
            request.POST or None, instance=motion, rules=rules, movers=units, units=units
        )
    else:
        kind = AmendmentForm if motion.amends_id else MotionForm
        form = kind(request.POST or None, instance=motion, **_units(request, motion.item))
    if form.is_valid():
        services.save_motion(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(motion)
    cancel = motion.get_absolute_url()
    return _form(request, consortium, form, "motions/motion_edit.html", cancel, motion=motion)


def motion_amend(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Move that the text be another; the form begins with the text as it is."""
    motion = visible(request, consortium, pk)
    policy.may_amend(request.user, motion).enforce()
    assert motion.item  # who votes by correspondence amends nothing
    blank = Motion(text_zh=motion.text_zh, text_en=motion.text_en)
    form = AmendmentForm(request.POST or None, instance=blank, **_units(request, motion.item))
    if form.is_valid():
        moved = services.amend(motion, form.save(commit=False), by=request.user)
        return redirect(moved)
    cancel = motion.get_absolute_url()
    return _form(request, consortium, form, "motions/motion_amend.html", cancel, motion=motion)


def motion_merge(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Write the text after an amendment that no longer fits by itself."""
    motion = visible(request, consortium, pk)
    policy.may_merge(request.user, motion).enforce()
    amendment = policy.unmerged(motion)[0]
    form = MergeForm(request.POST or None, instance=motion)
    if form.is_valid():
        services.write_amended(motion, amendment, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(motion)
    assert amendment.amends_wording
    compared = amending.pair(amendment.amends_wording, amendment)
    context = {"motion": motion, "amendment": amendment, "compared": compared}
    cancel = motion.get_absolute_url()
    return _form(request, consortium, form, "motions/motion_merge.html", cancel, **context)


@require_POST
def motion_withdraw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    motion = visible(request, consortium, pk)
    policy.may_withdraw(request.user, motion).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        services.withdraw(motion, by=request.user, why=reason)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect(motion)


def _units(request: Request, item: Item) -> dict[str, Any]:
    """Which units a form offers as mover and seconder."""
    consortium = item.meeting.consortium
    return {
        "movers": policy.visible_movers(request.user, item),
        "units": policy.visible_units(request.user, consortium),
        "for_unit": not policy.leads(request.user, consortium),
    }


def _form(
    request: Request, consortium: Consortium, form: Any, template: str, cancel: str, **more: Any
) -> HttpResponse:
    context = {"consortium": consortium, "form": form, "cancel": cancel, **more}
    return render(request, template, context)
