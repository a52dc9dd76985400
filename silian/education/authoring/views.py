"""The desk at which an edition is written, and the edition as it is read afterwards."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.authoring import comparing, policy, services
from silian.education.authoring.forms import CommentForm, SectionForm
from silian.education.authoring.models import Comment
from silian.education.authoring.thanks import shares_of
from silian.education.rulebook.rules import findings
from silian.education.standards.figures import by_part, by_term, sums_of, units_of
from silian.education.standards.models import Edition, Section
from silian.education.standards.paper import MAKERS, document
from silian.education.standards.policy import visible_editions, visible_standards
from silian.education.standards.sections import section_kind, sections_of, shipped
from silian.governance.consortia.models import Consortium
from silian.kernel.documents.editor import READ
from silian.kernel.documents.services import download
from silian.kernel.http import PublicRequest, Request


@login_not_required
def edition_detail(
    request: PublicRequest, consortium: Consortium, pk: int, number: int
) -> HttpResponse:
    """What it says, and for those at the table what is to be done."""
    edition = _edition(request, consortium, pk, number)
    units, at_table = units_of(edition), policy.may_see_table(request.user, edition)
    may_write = policy.may_write(request.user, edition)
    context = {
        "edition": edition,
        "consortium": consortium,
        "at_table": at_table,
        "may_write": may_write,
        "editable": bool(may_write),
        "may_comment": policy.may_comment(request.user, edition),
        "may_invite": policy.may_invite(request.user, edition),
        "findings": findings(edition) if at_table and not edition.is_public else [],
        "comments": _comments(request, edition),
        "comment_form": CommentForm(edition) if at_table else None,
        "sections": sections_of(edition),
        "units": units,
        "sums": sums_of(units),
        "parts": by_part(units),
        "terms": by_term(units),
    }
    return render(request, "authoring/edition_detail.html", context)


def _comments(request: PublicRequest, edition: Edition) -> list[Comment]:
    """What was said, each with the verdict of its button and the name of its section."""
    rows = list(policy.visible_comments(request.user, edition))
    names = {kind.key: kind.name for kind in shipped()[edition.standard.kind]}
    writing = policy.may_write(request.user, edition)
    for comment in rows:
        comment.may_settle = policy.open_to_answer(comment, writing)  # type: ignore[attr-defined]
        comment.section_name = names.get(comment.section, "")  # type: ignore[attr-defined]
    return rows


@login_not_required
def edition_file(
    request: PublicRequest, consortium: Consortium, pk: int, number: int, ending: str
) -> HttpResponse:
    """The edition as PDF or Word, with who took part."""
    edition = _edition(request, consortium, pk, number)
    if ending not in MAKERS:
        raise Http404
    content = document(edition, ending, thanks=[share.line for share in shares_of(edition)])
    return download(content, f"{edition.standard.title} {edition.number}.{ending}")


@login_not_required
def edition_compare(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """Any two editions: each section in one text, and a table of what changed in the units."""
    rows = visible_standards(request.user).filter(consortium=consortium)
    standard = get_object_or_404(rows, pk=pk)
    editions = list(visible_editions(request.user).filter(standard=standard))
    by_number = {str(edition.number): edition for edition in editions}
    new = by_number.get(request.GET.get("new", ""), editions[0])
    old = by_number.get(request.GET.get("old", ""), editions[min(1, len(editions) - 1)])
    texts = comparing.texts(old, new)
    context = {
        "standard": standard,
        "consortium": consortium,
        "editions": editions,
        "old": old,
        "new": new,
        "changed": [text for text in texts if text.changed],
        "same": [text.kind.name for text in texts if not text.changed and text.new.strip()],
        "totals": comparing.totals(old, new),
        "units": comparing.units(old, new),
    }
    return render(request, "authoring/edition_compare.html", context)


# --- sections ---------------------------------------------------------------------------


def section_edit(
    request: Request, consortium: Consortium, pk: int, number: int, key: str
) -> HttpResponse:
    """Write a section; nothing is lost where somebody else saves it meanwhile."""
    section = _section(request, consortium, pk, number, key)
    policy.may_write(request.user, section.edition).enforce()
    keep = policy.own_keep(request.user, section)
    first = {"text": section.text, "version": section.version}
    if keep:
        first["text"] = keep.text
    form = SectionForm(request.POST or None, request.FILES or None, initial=first)
    context: dict[str, Any] = {"keep": keep}
    if keep and keep.version != section.version and not form.is_bound:
        context |= {"outdated": section, "typed": keep.text}
    if READ in request.POST:
        form = _with_word(request, form)
    elif form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("text", "version")}
        side = policy.side_of(request.user, section.edition)
        try:
            services.save_section(section, by=request.user, side=side, **data)
        except services.Outdated as outdated:
            now = outdated.section
            services.keep_text(section, by=request.user, text=data["text"], version=now.version)
            context |= {"outdated": now, "typed": data["text"]}
            form = SectionForm(initial={"text": data["text"], "version": now.version})
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{section.edition.get_absolute_url()}#section-{key}")
    return render(request, "authoring/section_edit.html", _desk(request, section, form, context))


def _desk(
    request: Request, section: Section, form: SectionForm, more: dict[str, Any]
) -> dict[str, Any]:
    edition = section.edition
    comments = [one for one in _comments(request, edition) if one.section == section.kind]
    return {
        "section": section,
        "edition": edition,
        "consortium": edition.standard.consortium,
        "kind": section_kind(edition, section.kind),
        "form": form,
        "cancel": edition.get_absolute_url(),
        "others": policy.others_typing(request.user, section),
        "comments": [one for one in comments if not one.settled_at],
        "revisions": policy.visible_revisions(request.user, section).exists(),
        **more,
    }


def _with_word(request: Request, form: SectionForm) -> SectionForm:
    """The form again, with the text of the Word file where it can be read."""
    if (text := form.read_word()) is None:
        return form
    messages.info(request, _("The Word file is read. Look it over, then save."))
    return SectionForm(initial={**request.POST.dict(), "text": text})


@require_POST
def section_keep(
    request: Request, consortium: Consortium, pk: int, number: int, key: str
) -> HttpResponse:
    """Keep what is being typed; the answer says when, and whether somebody saved meanwhile."""
    section = _section(request, consortium, pk, number, key)
    policy.may_write(request.user, section.edition).enforce()
    form = SectionForm(request.POST)
    form.fields.pop("word")
    keep = None
    if form.is_valid():
        data = form.cleaned_data
        keep = services.keep_text(
            section, text=data["text"], version=data["version"], by=request.user
        )
    others = policy.others_typing(request.user, section)
    context = {"keep": keep, "section": section, "others": others}
    return render(request, "authoring/kept.html", context)


@require_POST
def section_discard(
    request: Request, consortium: Consortium, pk: int, number: int, key: str
) -> HttpResponse:
    section = _section(request, consortium, pk, number, key)
    services.discard_keep(section, by=request.user)
    return redirect("authoring:section_edit", consortium, pk, number, key)


def section_history(
    request: Request, consortium: Consortium, pk: int, number: int, key: str
) -> HttpResponse:
    """Every version that was saved, and what each changed."""
    section = _section(request, consortium, pk, number, key)
    policy.may_see_table(request.user, section.edition).enforce()
    revisions = list(policy.visible_revisions(request.user, section))
    chosen = {str(one.number): one for one in revisions}.get(request.GET.get("version", ""))
    shown = chosen or (revisions[0] if revisions else None)
    before = next((one for one in revisions if shown and one.number < shown.number), None)
    context: dict[str, Any] = {
        "section": section,
        "edition": section.edition,
        "consortium": consortium,
    }
    context |= {"kind": section_kind(section.edition, key), "revisions": revisions}
    context |= {"shown": shown, "before": before.text if before else ""}
    return render(request, "authoring/section_history.html", context)


def _edition(request: PublicRequest, consortium: Consortium, pk: int, number: int) -> Edition:
    rows = visible_editions(request.user).filter(standard__consortium=consortium)
    return get_object_or_404(rows, standard=pk, number=number)


def _section(request: Request, consortium: Consortium, pk: int, number: int, key: str) -> Section:
    edition = _edition(request, consortium, pk, number)
    return get_object_or_404(policy.visible_sections(edition), kind=key)
