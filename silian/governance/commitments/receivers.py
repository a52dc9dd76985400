"""What waits for the parties of agreements and for the secretariat."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.commitments import policy
from silian.governance.commitments.models import Commitment, Evaluation
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

SOON = 14  # days
State = Commitment.State

search.index(
    Commitment,
    visible=policy.visible_commitments,
    text=lambda commitment: [
        commitment.owner.name_zh,
        commitment.agreement.title_zh,
        commitment.criteria_zh,
        commitment.criteria_en,
    ],
    name=gettext_lazy("Commitments"),
)


@calendars.source
def commitments_in_time(user: User) -> Iterable[Event]:
    """The days by which one's organisations have to do something."""
    mine = Commitment.objects.unmet().filter(owner__in=organisations_of(user))
    for commitment in mine.select_related("agreement__consortium"):
        morning = make_aware(datetime.combine(commitment.due, time(9)))
        yield Event(
            key=f"commitment-{commitment.pk}",
            title=commitment.title,
            start=morning,
            end=morning + timedelta(hours=1),
            text=commitment.agreement.title,
            url=commitment.get_absolute_url(),
        )


@todos.source
def commitments_to_do(user: User) -> Iterable[Todo]:
    """Owners: what is due within two weeks or overdue."""
    until = clock.today() + timedelta(days=SOON)
    mine = Commitment.objects.filter(owner__in=organisations_of(user), state=State.OPEN)
    yield from _by_consortium(mine.filter(due__lte=until), _("Commitments to keep"), "?whose=do")


@todos.source
def commitments_to_accept(user: User) -> Iterable[Todo]:
    """Checkers: what was reported to them."""
    reported = Commitment.objects.filter(checker__in=organisations_of(user), state=State.REPORTED)
    yield from _by_consortium(reported, _("Reports to accept"), "?whose=accept")


@todos.source
def overdue_commitments(user: User) -> Iterable[Todo]:
    """The secretariat: what nobody has done in time."""
    late = Commitment.objects.overdue().filter(agreement__consortium__in=secretariats_of(user))
    yield from _by_consortium(late, _("Overdue commitments"), "?late=overdue")


def _by_consortium(rows: QuerySet[Commitment], label: str, query: str) -> Iterable[Todo]:
    counted = (
        rows.order_by().values("agreement__consortium").annotate(n=Count("pk"), day=Min("due"))
    )
    found = {row["agreement__consortium"]: row for row in counted}
    for consortium in Consortium.objects.filter(pk__in=found):
        url = reverse("commitments:commitment_index", args=[consortium]) + query
        row = found[consortium.pk]
        yield Todo(label, url, row["n"], due=_end_of(row["day"]), place=consortium.name)


@todos.source
def evaluations_to_answer(user: User) -> Iterable[Todo]:
    """Parties: how the year went."""
    mine = organisations_of(user)
    open_ones = Evaluation.objects.filter(
        state=Evaluation.State.OPEN, agreement__parties__in=mine
    ).distinct()
    for evaluation in open_ones.select_related("agreement__consortium").prefetch_related(
        "assessments", "agreement__party_set__organisation"
    ):
        if policy.answering_for(user, evaluation):
            yield Todo(
                _("Yearly evaluation to answer"),
                evaluation.get_absolute_url(),
                due=_end_of(evaluation.answer_until),
                place=evaluation.agreement.title,
            )


@todos.source
def evaluations_to_conclude(user: User) -> Iterable[Todo]:
    """The secretariat: what all have answered, or no longer may."""
    open_ones = Evaluation.objects.filter(
        state=Evaluation.State.OPEN, agreement__consortium__in=secretariats_of(user)
    ).select_related("agreement__consortium")
    for evaluation in open_ones.prefetch_related(
        "assessments", "agreement__party_set__organisation"
    ):
        if policy.may_conclude(user, evaluation):
            label = _("Yearly evaluation to conclude")
            place = evaluation.agreement.title
            yield Todo(label, evaluation.get_absolute_url(), place=place)


def _end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.max))
