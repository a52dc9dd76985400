"""The table at which an agreement is worded: terms, versions, comments, consents, freezing."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.agreements.models import Agreement, Party, Version
from silian.governance.agreements.policy import (
    may_administer,
    may_create,
    parties_of,
    units_of,
    visible_agreements,
    visible_parties,
)
from silian.governance.agreements.rules import RulesBroken
from silian.governance.consortia.models import Consortium
from silian.governance.drafting import paper, places, policy, samples, services
from silian.governance.drafting.forms import (
    CheckForm,
    CommentForm,
    DraftForm,
    TermsForm,
    VersionForm,
)
from silian.governance.drafting.readiness import NotReady, latest
from silian.governance.drafting.terms import missing
from silian.governance.roles.policy import is_secretary, organisations_of
from silian.kernel.documents.editor import READ
from silian.kernel.documents.services import download
from silian.kernel.http import PublicRequest, Request

MAKERS = {"pdf": paper.draft_pdf, "docx": paper.draft_word}


def draft_new(request: Request, consortium: Consortium) -> HttpResponse:
    may_create(request.user, consortium).enforce()
    kind = request.GET.get("kind", "")
    blank = Agreement(consortium=consortium, kind=kind if kind in Agreement.Kind else "")
    kept: list[int] = []
    if not is_secretary(request.user, consortium):  # who drafts for a member is a party
        members = visible_parties(request.user, consortium)
        mine = members.filter(pk__in=organisations_of(request.user))
        kept = list(mine.values_list("pk", flat=True)[:1])
    return _draft_form(request, blank, kept, "drafting/draft_new.html")


def draft_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    agreement = _agreement(request, consortium, pk)
    policy.may_edit(request.user, agreement).enforce()
    stay = [] if may_administer(request.user, agreement) else units_of(agreement.party_set.all())
    kept = [unit.pk for unit in stay]
    return _draft_form(request, agreement, kept, "drafting/draft_edit.html")


def _draft_form(
    request: Request, agreement: Agreement, kept: list[int], template: str
) -> HttpResponse:
    members = visible_parties(request.user, agreement.consortium)
    first = {"parties": [(key, "") for key in kept]}
    new = agreement.pk is None
    form = DraftForm(
        members, request.POST or None, instance=agreement, kept=kept, initial=first if new else None
    )
    if form.is_valid():
        parties = form.cleaned_data["parties"]
        saved = services.save_draft(form.save(commit=False), parties=parties, by=request.user)
        messages.success(request, _("Saved."))
        return (
            redirect("drafting:terms_edit", saved.consortium, saved.pk) if new else redirect(saved)
        )
    index = reverse("agreements:agreement_index", args=[agreement.consortium])
    cancel = index if new else agreement.get_absolute_url()
    context = {"consortium": agreement.consortium, "form": form, "cancel": cancel}
    return render(request, template, context)


def terms_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The terms, kept even where they are incomplete."""
    agreement = _agreement(request, consortium, pk)
    policy.may_edit(request.user, agreement).enforce()
    form = TermsForm(agreement, request.POST or None)
    if form.is_valid():
        services.set_terms(agreement, form.terms(), by=request.user)
        messages.success(request, _("Saved."))
        if latest(agreement):
            return redirect(agreement)
        return redirect("drafting:version_new", consortium, pk)
    context = {"agreement": agreement, "form": form, "consortium": consortium}
    context |= {"cancel": agreement.get_absolute_url(), "missing": missing(agreement)}
    return render(request, "drafting/terms_edit.html", context)


def version_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Write the next version; nothing is lost where somebody else was faster."""
    agreement = _agreement(request, consortium, pk)
    policy.may_edit(request.user, agreement).enforce()
    last = latest(agreement)
    shelf = policy.visible_templates(request.user)
    templates = shelf.filter(consortium=consortium, kind=agreement.kind)
    begin = samples.chosen(request.GET.get("begin", ""), agreement.kind, templates)
    text, blank = places.filled(begin, agreement)
    if last and not begin:
        text = last.text
    first = {"text": text, "after": last.number if last else 0}
    form = VersionForm(request.POST or None, request.FILES or None, initial=first)
    context: dict[str, Any] = {"agreement": agreement, "consortium": consortium, "last": last}
    context |= {"templates": templates, "blank": blank, "cancel": agreement.get_absolute_url()}
    if READ in request.POST:
        form = _with_word(request, form)
    elif form.is_valid():
        data = form.cleaned_data
        side = policy.side_of(request.user, agreement)
        facts = {key: data[key] for key in ("text", "note", "after")}
        try:
            services.add_version(agreement, by=request.user, organisation=side, **facts)
        except services.Outdated as outdated:
            context |= {"outdated": outdated.version, "typed": data["text"]}
            again = {"text": data["text"], "note": data["note"], "after": outdated.version.number}
            form = VersionForm(initial=again)
        else:
            messages.success(request, _("Saved."))
            return redirect(agreement)
    return render(request, "drafting/version_new.html", context | {"form": form})


def _with_word(request: Request, form: VersionForm) -> VersionForm:
    """The form again, with the text of the Word file where it can be read."""
    if (text := form.read_word()) is None:
        return form
    messages.info(request, _("The Word file is read. Look it over, then save."))
    return VersionForm(initial={**request.POST.dict(), "text": text})


def version_detail(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    version = _version(request, consortium, pk, number)
    comments = policy.visible_comments(request.user).filter(version=version)
    context: dict[str, Any] = {"version": version, "agreement": version.agreement}
    context |= {"consortium": consortium, "comments": comments}
    return render(request, "drafting/version_detail.html", context)


def version_file(
    request: Request, consortium: Consortium, pk: int, number: int, ending: str
) -> HttpResponse:
    """One version as PDF or Word, marked as a draft."""
    version = _version(request, consortium, pk, number)
    if ending not in MAKERS:
        raise Http404
    name = f"{version.agreement.title} v{version.number}.{ending}"
    return download(MAKERS[ending](version), name)


def version_compare(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Any two versions in one, with what was added and taken away."""
    agreement = _agreement(request, consortium, pk)
    versions = list(policy.visible_versions(request.user).filter(agreement=agreement))
    if not versions:
        raise Http404
    by_number = {str(version.number): version for version in versions}
    new = by_number.get(request.GET.get("new", ""), versions[0])
    before = versions[1] if len(versions) > 1 else versions[0]
    old = by_number.get(request.GET.get("old", ""), before)
    context = {"agreement": agreement, "consortium": consortium, "versions": versions}
    return render(request, "drafting/version_compare.html", context | {"old": old, "new": new})


@require_POST
def comment_new(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    version = _version(request, consortium, pk, number)
    policy.may_edit(request.user, version.agreement).enforce()
    form = CommentForm(request.POST)
    if form.is_valid():
        side = policy.side_of(request.user, version.agreement)
        services.add_comment(version, by=request.user, side=side, **form.cleaned_data)
        return redirect(f"{version.agreement.get_absolute_url()}#comments")
    context: dict[str, Any] = {"form": form, "agreement": version.agreement}
    context |= {"consortium": consortium, "cancel": version.agreement.get_absolute_url()}
    return render(request, "drafting/comment_new.html", context)


@require_POST
def comment_settle(request: Request, consortium: Consortium, pk: int, comment: int) -> HttpResponse:
    rows = policy.visible_comments(request.user).filter(version__agreement__consortium=consortium)
    found = get_object_or_404(rows, pk=comment, version__agreement=pk)
    policy.may_settle(request.user, found).enforce()
    services.settle_comment(found, by=request.user)
    return redirect(f"{found.version.agreement.get_absolute_url()}#comments")


@require_POST
def agree(
    request: Request, consortium: Consortium, pk: int, number: int, party: int
) -> HttpResponse:
    version = _version(request, consortium, pk, number)
    found = _party(request, version.agreement, party)
    policy.may_agree(request.user, found).enforce()
    services.agree(version, found, by=request.user)
    return redirect(version.agreement)


@require_POST
def consent_withdraw(request: Request, consortium: Consortium, pk: int, party: int) -> HttpResponse:
    agreement = _agreement(request, consortium, pk)
    found = _party(request, agreement, party)
    policy.may_edit(request.user, agreement).enforce()
    services.withdraw_consent(found, by=request.user)
    return redirect(agreement)


@require_POST
def freeze(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    agreement = _agreement(request, consortium, pk)
    policy.may_freeze(request.user, agreement).enforce()
    try:
        services.freeze(agreement, by=request.user)
    except (NotReady, RulesBroken) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The text is frozen. It can be signed now."))
    return redirect(agreement)


@login_not_required
def check(request: PublicRequest, code: str) -> HttpResponse:
    """Is this the document that was frozen, and does it count? For whoever holds it."""
    agreement = policy.checkable(code)
    form = CheckForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"agreement": agreement, "form": form}
    if agreement and form.is_bound:
        if not ratelimit.consume(request, action="document_check"):
            context["too_many"] = True
        elif form.is_valid():
            context["same"] = agreement.frozen and form.sha256() == agreement.frozen.sha256
    status = 200 if agreement else 404
    return render(request, "drafting/check.html", context, status=status)


def _agreement(request: Request, consortium: Consortium, pk: int) -> Agreement:
    rows = visible_agreements(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _version(request: Request, consortium: Consortium, pk: int, number: int) -> Version:
    rows = policy.visible_versions(request.user).filter(agreement__consortium=consortium)
    return get_object_or_404(rows, agreement=pk, number=number)


def _party(request: Request, agreement: Agreement, party: int) -> Party:
    """One of the parties for whom the reader speaks."""
    mine = {one.pk: one for one in parties_of(request.user, agreement)}
    if party not in mine:
        raise Http404
    return mine[party]
