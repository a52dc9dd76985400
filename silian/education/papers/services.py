"""The life of a paper. Each function is one thing somebody does."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.banks.models import Seat
from silian.education.items.models import Version
from silian.education.papers.models import Blueprint, Cell, Form, Line, Paper, Section
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move

State = Paper.State


@transaction.atomic
def keep_blueprint(blueprint: Blueprint, cells: Sequence[Cell], *, by: User) -> Blueprint:
    """Keep a blueprint with its lines; papers that it chose before stay as they are."""
    new = blueprint.pk is None
    if new:
        blueprint.by = by
    blueprint.save()
    blueprint.cells.all().delete()
    for order, cell in enumerate(cells, 1):
        cell.pk, cell.blueprint, cell.order = None, blueprint, order
    Cell.objects.bulk_create(cells)
    action = gettext_noop("Blueprint made") if new else gettext_noop("Blueprint changed")
    record(blueprint, action, by=by, lines=len(cells))
    return blueprint


@transaction.atomic
def keep_paper(paper: Paper, *, by: User) -> Paper:
    """A new paper with an empty form, or what is said about it, changed."""
    if paper.pk:
        hold(paper)
        paper.save()
        record(paper, gettext_noop("Paper changed"), by=by)
        return paper
    paper.by = by
    paper.save()
    Form.objects.create(paper=paper, number=1)
    record(paper, gettext_noop("Paper begun"), by=by, title=paper.title_zh)
    return paper


@transaction.atomic
def add_versions(
    paper: Paper, versions: Iterable[Version], *, section: str, points: Decimal, by: User
) -> int:
    """Put approved items at the end, under a heading, worth so much each."""
    hold(paper)
    form = paper.forms.get(number=1)
    heading = _section(paper, section)
    order = form.lines.aggregate(last=Max("order"))["last"] or 0
    lines = [
        Line(form=form, section=heading, version=version, order=order + n, points=points)
        for n, version in enumerate(versions, 1)
    ]
    Line.objects.bulk_create(lines)
    record(paper, gettext_noop("Items chosen"), by=by, number=len(lines))
    return len(lines)


@transaction.atomic
def set_points(line: Line, points: Decimal, *, by: User) -> None:
    paper = line.form.paper
    hold(paper)
    Line.objects.filter(pk=line.pk).update(points=points)
    record(paper, gettext_noop("Points changed"), by=by, line=line.order, points=points)


@transaction.atomic
def move_line(line: Line, step: int, *, by: User) -> None:
    """One place up (-1) or down (1) in its section; at the end nothing happens."""
    paper = line.form.paper
    hold(paper)
    rows = list(line.form.lines.filter(section=line.section_id).order_by("order"))
    place = next((n for n, row in enumerate(rows) if row.pk == line.pk), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    here, there = rows[place], rows[place + step]
    here.order, there.order = there.order, here.order
    Line.objects.bulk_update([here, there], ["order"])
    record(paper, gettext_noop("Items put in order"), by=by)


@transaction.atomic
def remove_line(line: Line, *, by: User) -> None:
    paper = line.form.paper
    hold(paper)
    record(paper, gettext_noop("Item taken out"), by=by, item=str(line.version.item))
    Line.objects.filter(pk=line.pk).delete()
    Section.objects.filter(paper=paper, lines=None).delete()


@transaction.atomic
def hand_in(paper: Paper, *, by: User) -> None:
    """Ask for approval. Every form has to come to the total, with items that are in use."""
    if wrong := faults(paper):
        raise ValidationError(wrong)
    move(paper, State.REVIEW, by=by)
    parts = (Seat.Part.SETTER, Seat.Part.REVIEWER)
    seats = paper.bank.seats.filter(part__in=parts, until=None).exclude(user=paper.by)
    notify(
        User.objects.filter(pk__in=seats.values("user")),
        gettext_noop("The paper “%(title)s” waits for approval."),
        url=paper.get_absolute_url(),
        title=both(paper, "title"),
    )


@transaction.atomic
def approve(paper: Paper, *, by: User) -> None:
    """May be sat from now on; nothing in it changes any more."""
    move(paper, State.APPROVED, by=by, approved_by=by, approved_at=clock.now())
    _tell(paper, gettext_noop("Your paper “%(title)s” was approved."))


@transaction.atomic
def send_back(paper: Paper, *, reason: str, by: User) -> None:
    move(paper, State.DRAFT, by=by, why=reason)
    _tell(paper, gettext_noop("Your paper “%(title)s” came back: %(reason)s"), reason=reason)


@transaction.atomic
def retire(paper: Paper, *, reason: str, by: User) -> None:
    move(paper, State.RETIRED, by=by, why=reason)


def faults(paper: Paper) -> list[str]:
    """What keeps a paper from being handed in."""
    found = []
    for form in paper.forms.annotate(sum=Sum("lines__points")):
        if (form.sum or 0) != paper.total:
            said = {"form": form.letter, "sum": form.sum or 0, "total": paper.total}
            found.append(
                _("Form %(form)s comes to %(sum)s points; the paper has %(total)s.") % said
            )
    old = Line.objects.filter(form__paper=paper).exclude(version__state=Version.State.APPROVED)
    found += [
        _("Item %(item)s is not in use any more in this version.") % {"item": line.version.item}
        for line in old.select_related("version__item")
    ]
    return found


def hold(paper: Paper) -> None:
    """One change at a time, and only of a draft."""
    now = Paper.objects.select_for_update(no_key=True).get(pk=paper.pk)
    if now.state != State.DRAFT:
        raise IllegalMove(f"paper {paper.pk} was handed in")


def _section(paper: Paper, title: str) -> Section:
    last = paper.sections.aggregate(last=Max("order"))["last"] or 0
    found, _new = Section.objects.get_or_create(
        paper=paper, title_zh=title, defaults={"order": last + 1}
    )
    return found


def _tell(paper: Paper, message: str, **facts: str) -> None:
    url = reverse("papers:paper_detail", args=[paper.bank.consortium, paper.pk])
    notify([paper.by], message, url=url, title=both(paper, "title"), **facts)
