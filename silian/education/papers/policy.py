"""Papers are as secret as the items in them: those who set and review in the bank see them."""

from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from silian.education.banks.models import Bank, Seat
from silian.education.banks.policy import may_set, seats_of
from silian.education.items.models import Version
from silian.education.papers.models import Blueprint, Form, Line, Paper
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

PARTS = (Seat.Part.SETTER, Seat.Part.REVIEWER)


def visible_papers(user: Viewer) -> QuerySet[Paper]:
    rows = Paper.objects.filter(bank__in=_banks(user))
    joined = rows.select_related("bank__consortium", "occupation", "by", "approved_by", "blueprint")
    return joined.annotate(variants=Count("forms", distinct=True))


def visible_blueprints(user: Viewer) -> QuerySet[Blueprint]:
    rows = Blueprint.objects.filter(bank__in=_banks(user))
    return rows.select_related("bank__consortium", "occupation", "by")


def sees_papers(user: Viewer, consortium: Consortium) -> bool:
    """Is there any bank here whose papers ``user`` may see?"""
    return Bank.objects.filter(consortium=consortium, pk__in=_banks(user)).exists()


def visible_lines(form: Form) -> QuerySet[Line]:
    """The items of a form that the reader was found to see, in order."""
    rows = form.lines.select_related("section", "version__item__bank__consortium")
    return rows.order_by("section__order", "order")


def forms_of(paper: Paper) -> QuerySet[Form]:
    """The forms of a paper that the reader was found to see, with what they come to."""
    return paper.forms.annotate(sum=Sum("lines__points"), size=Count("lines"))


def sum_of(paper: Paper) -> Decimal:
    """What the items chosen by hand come to."""
    rows = Line.objects.filter(form__paper=paper, form__number=1)
    return rows.aggregate(sum=Sum("points"))["sum"] or Decimal(0)


def versions_for(user: Viewer, paper: Paper) -> QuerySet[Version]:
    """Approved items of the bank that are not in the paper yet, in the paper's occupation first."""
    used = Line.objects.filter(form__paper=paper).values("version__item")
    rows = Version.objects.filter(
        item__bank=paper.bank_id, item__bank__in=_banks(user), state=Version.State.APPROVED
    )
    joined = rows.exclude(item__in=used).select_related(
        "item__bank__consortium", "item__occupation"
    )
    return joined.prefetch_related("item__tested__skill")


def approved_papers(consortium: Consortium) -> QuerySet[Paper]:
    """For the apps that hold exams: what may be sat, without a look inside."""
    rows = Paper.objects.filter(bank__consortium=consortium, state=Paper.State.APPROVED)
    return rows.select_related("occupation")


def may_begin(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` set papers from any bank here?"""
    seats = seats_of(user).filter(part=Seat.Part.SETTER, bank__consortium=consortium)
    return YES if seats.exists() else Verdict(_("Only those who set papers do this."))


def may_plan(user: Viewer, blueprint: Blueprint) -> Verdict:
    return may_set(user, blueprint.bank)


def may_edit(user: Viewer, paper: Paper) -> Verdict:
    """While it is a draft, whoever sets papers from the bank."""
    verdict = may_set(user, paper.bank)
    if verdict and paper.state != Paper.State.DRAFT:
        return Verdict(_("What was handed in stays as it is."))
    return verdict


def may_fill(user: Viewer, paper: Paper) -> Verdict:
    """Items are chosen by hand only where no blueprint chose them."""
    verdict = may_edit(user, paper)
    if verdict and paper.blueprint_id:
        return Verdict(_("A blueprint chose the items of this paper."))
    return verdict


def may_approve(user: Viewer, paper: Paper) -> Verdict:
    """A second person."""
    if not seats_of(user).filter(bank=paper.bank_id, part__in=PARTS).exists():
        return Verdict(_("Only those who set or review in this bank approve papers."))
    if paper.by_id == user.pk:
        return Verdict(_("Nobody approves a paper of their own."))
    if paper.state != Paper.State.REVIEW:
        return Verdict(_("This paper does not wait for approval."))
    return YES


def may_retire(user: Viewer, paper: Paper) -> Verdict:
    verdict = may_set(user, paper.bank)
    if verdict and paper.state not in (Paper.State.DRAFT, Paper.State.APPROVED):
        return Verdict(_("Only what is approved or a draft is retired."))
    return verdict


def awaiting_approval(user: User) -> QuerySet[Paper]:
    rows = Paper.objects.filter(bank__in=_banks(user), state=Paper.State.REVIEW)
    return rows.exclude(by=user)


def _banks(user: Viewer) -> QuerySet[Seat, int]:
    return seats_of(user).filter(part__in=PARTS).values_list("bank", flat=True)
