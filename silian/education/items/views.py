"""The items of the banks that the reader has a seat in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.banks.policy import banks_to_write_in, may_open_bank, seats_of, visible_banks
from silian.education.items import policy, services
from silian.education.items.forms import (
    CommentForm,
    ItemForm,
    QuestionForm,
    initial_question,
    question_in,
    rows_of,
)
from silian.education.items.models import Item, Version
from silian.education.items.tables import USES, ItemFilter, ItemTable, UseTable
from silian.education.questions.schema import MOST_PARTS, Kind
from silian.governance.consortia.models import Consortium
from silian.kernel.files import services as files
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

PARTS = [kind for kind in Kind if kind != Kind.CASE]


def item_index(request: Request, consortium: Consortium) -> HttpResponse:
    """For those with a seat; for everybody else there is no such page."""
    banks = visible_banks(request.user).filter(consortium=consortium)
    if not banks and not may_open_bank(request.user, consortium):
        raise Http404
    rows = policy.newest_versions(request.user, consortium).annotate(used=USES)
    writes = banks_to_write_in(request.user, consortium).exists()
    context = {
        "consortium": consortium,
        "banks": banks,
        "writes": writes,
        "seated": seats_of(request.user).filter(bank__consortium=consortium).exists(),
        "reviews": policy.awaiting_review(request.user).filter(item__bank__consortium=consortium),
    }
    listing = Listing(request, rows.order_by("-pk"), ItemTable, ItemFilter, name="items")
    return listing.page("items/item_index.html", context)


@require_POST
def items_decide(request: Request, consortium: Consortium) -> HttpResponse:
    """Hand in or approve those ticked: all of them, or none where one of them cannot be."""
    keys = [key for key in request.POST.getlist("version") if key.isdecimal()]
    chosen = list(policy.newest_versions(request.user, consortium).filter(pk__in=keys))
    if request.POST.get("do") not in DECISIONS:
        raise Http404
    may, act, said = DECISIONS[request.POST["do"]]
    for version in chosen:
        may(request.user, version).enforce()
    try:
        messages.success(request, said() % {"n": act(chosen, by=request.user)})
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("items:item_index", consortium)


DECISIONS: dict[str, tuple[Callable[..., Verdict], Callable[..., int], Callable[[], str]]] = {
    "hand_in": (policy.may_edit, services.hand_in, lambda: _("Handed in: %(n)d.")),
    "approve": (policy.may_review, services.approve, lambda: _("Approved: %(n)d.")),
}


def item_kinds(request: Request, consortium: Consortium) -> HttpResponse:
    """First of all: which kind."""
    _banks(request, consortium)
    context = {"consortium": consortium, "kinds": Kind}
    return render(request, "items/item_kinds.html", context)


def item_new(request: Request, consortium: Consortium, kind: str) -> HttpResponse:
    banks = _banks(request, consortium)
    if kind not in Kind.values:
        raise Http404
    last = policy.newest_versions(request.user, consortium).filter(by=request.user).first()
    initial: dict[str, Any] = {"bank": banks.first()}
    if last:  # one item after another is about the same
        initial |= {"occupation": last.item.occupation_id, "level": last.item.level}
    form = ItemForm(kind, banks, request.POST or None, request.FILES or None, initial=initial)
    rows = rows_of(kind, request.POST or None, None)
    cancel = reverse("items:item_index", args=[consortium])
    return _item_page(request, form, rows, Version(item=Item()), cancel)


def item_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    version = _newest(request, consortium, pk)
    policy.may_edit(request.user, version).enforce()
    item = version.item
    initial = initial_question(version.content, version.key) | {
        "bank": item.bank_id,
        "occupation": item.occupation_id,
        "level": item.level,
        "difficulty": item.difficulty,
        "skills": [tested.skill_id for tested in item.tested.all()],
        "explanation_zh": version.explanation_zh,
        "explanation_en": version.explanation_en,
    }
    form = ItemForm(
        version.kind,
        _banks(request, consortium).filter(pk=item.bank_id),
        request.POST or None,
        request.FILES or None,
        initial=initial,
        pictured=bool(version.content["media"]),
    )
    rows = rows_of(version.kind, request.POST or None, version)
    return _item_page(request, form, rows, version, item.get_absolute_url())


def _item_page(
    request: Request, form: ItemForm, rows: Any, version: Version, cancel: str
) -> HttpResponse:
    if form.is_valid() and (rows is None or rows.is_valid()):
        asked = form.asked(rows)
        if form.is_sound(asked, rows):
            form.fill(version.item, version, asked)
            if form.cleaned_data["picture"]:
                kept = files.store(
                    form.cleaned_data["picture"], by=request.user, kinds=files.IMAGES
                )
                alt = {"zh": form.cleaned_data["alt_zh"], "en": ""}
                version.content["media"] = [
                    *version.content["media"],
                    {"file": kept.pk, "alt": alt},
                ]
            skills = form.cleaned_data["skills"]
            if version.pk:
                services.save_version(version, skills, by=request.user)
            else:
                services.write_item(version.item, version, skills, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(version.get_absolute_url())
    context = {"form": form, "rows": rows, "version": version, "cancel": cancel}
    return render(request, "items/item_form.html", context | {"kind": form.kind})


def item_detail(request: Request, consortium: Consortium, pk: int, number: int = 0) -> HttpResponse:
    """The item as candidates see it, its answer, and what became of it."""
    version = _version(request, consortium, pk, number)
    user, bank = request.user, version.item.bank
    uses = Listing(request, policy.visible_uses(version.item), UseTable, name="uses")
    context = {
        "object": version.item,
        "version": version,
        "versions": policy.visible_versions(user).filter(item=pk),
        "consortium": consortium,
        "uses": uses,
        "comments": policy.visible_comments(version),
        "comment_form": CommentForm(),
        "part_kinds": PARTS,
        "may_edit": policy.may_edit(user, version),
        "may_rewrite": policy.may_rewrite(user, version),
        "may_review": policy.may_review(user, version),
        "may_retire": policy.may_retire(user, version),
        "may_comment": policy.may_comment(user, version),
        "bank": bank,
    }
    return uses.page("items/item_detail.html", context)


@require_POST
def item_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    """One thing that is done with the newest version."""
    version = _newest(request, consortium, pk)
    may, act = ACTS.get(verb, (None, None))
    if not may or not act:
        raise Http404
    may(request.user, version).enforce()
    text = (request.POST.get("reason") or request.POST.get("text") or "").strip()[:2000]
    if verb in ("return", "retire", "comment") and not text:
        messages.error(request, _("Please give a reason."))
        return redirect(version.get_absolute_url())
    try:
        act(version, text, request.user)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    edits = verb == "rewrite"
    return redirect("items:item_edit", consortium, pk) if edits else redirect(version.item)


ACTS: dict[str, tuple[Callable[..., Verdict], Callable[[Version, str, Any], Any]]] = {
    "hand-in": (policy.may_edit, lambda v, text, by: services.hand_in([v], by=by)),
    "return": (policy.may_review, lambda v, text, by: services.send_back(v, reason=text, by=by)),
    "approve": (policy.may_review, lambda v, text, by: services.approve([v], by=by)),
    "retire": (policy.may_retire, lambda v, text, by: services.retire(v, reason=text, by=by)),
    "rewrite": (policy.may_rewrite, lambda v, text, by: services.next_version(v, by=by)),
    "comment": (policy.may_comment, lambda v, text, by: services.say(v, text, by=by)),
}


def part_new(request: Request, consortium: Consortium, pk: int, kind: str) -> HttpResponse:
    version = _case(request, consortium, pk)
    if kind not in PARTS or len(version.content["parts"]) >= MOST_PARTS:
        raise Http404
    form = QuestionForm(kind, request.POST or None)
    return _part_page(request, form, rows_of(kind, request.POST or None, None), version, None)


def part_edit(request: Request, consortium: Consortium, pk: int, part: int) -> HttpResponse:
    version = _case(request, consortium, pk)
    if part >= len(version.content["parts"]):
        raise Http404
    content, key = question_in(version, part)
    initial = initial_question(content, key)
    form = QuestionForm(content["kind"], request.POST or None, initial=initial)
    rows = rows_of(content["kind"], request.POST or None, version, part)
    return _part_page(request, form, rows, version, part)


def _part_page(
    request: Request, form: QuestionForm, rows: Any, version: Version, part: int | None
) -> HttpResponse:
    if form.is_valid() and (rows is None or rows.is_valid()):
        asked = form.asked(rows)
        if form.is_sound(asked, rows):
            services.keep_part(version, asked, place=part, by=request.user)
            return redirect(version.get_absolute_url())
    cancel = version.get_absolute_url()
    context = {"form": form, "rows": rows, "version": version, "cancel": cancel, "is_part": True}
    return render(request, "items/item_form.html", context | {"kind": form.kind})


@require_POST
def part_remove(request: Request, consortium: Consortium, pk: int, part: int) -> HttpResponse:
    version = _case(request, consortium, pk)
    if part >= len(version.content["parts"]):
        raise Http404
    services.drop_part(version, part, by=request.user)
    return redirect(version.get_absolute_url())


def picture(request: Request, consortium: Consortium, pk: int, key: int) -> FileResponse:
    """A picture of any version; only those with a seat ever get it here."""
    for version in policy.visible_versions(request.user).filter(item=pk, pictures__file=key)[:1]:
        return files.respond(policy.visible_pictures(version).get(pk=key), inline=True)
    raise Http404


def _banks(request: Request, consortium: Consortium) -> QuerySet[Any]:
    banks = banks_to_write_in(request.user, consortium)
    if not banks.exists():
        raise Http404
    return banks


def _version(request: Request, consortium: Consortium, pk: int, number: int) -> Version:
    rows = policy.visible_versions(request.user).filter(item__bank__consortium=consortium, item=pk)
    which = {"number": number} if number else {"newest": True}
    return get_object_or_404(rows, **which)


def _newest(request: Request, consortium: Consortium, pk: int) -> Version:
    return _version(request, consortium, pk, 0)


def _case(request: Request, consortium: Consortium, pk: int) -> Version:
    version = _newest(request, consortium, pk)
    policy.may_edit(request.user, version).enforce()
    if version.kind != Kind.CASE:
        raise Http404
    return version
