"""What waits where examiners differ: for the chief, the arbiter, the office."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.judging.models import Sheet
from silian.education.practicals.models import Practical
from silian.education.scoresheets import policy
from silian.education.scoresheets.scores import TurnResult, turn_results
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def differences_to_decide(user: User) -> Iterable[Todo]:
    """A chief examiner: by office, as long as nobody else was named."""
    for practical in policy.chiefs_practicals(user):
        for result in _undecided(practical):
            if not result.arbitration and policy.may_arbitrate(user, result):
                yield _todo(result, _("Decide where examiners differ: %(turn)s"))
    for one in policy.waiting_decisions(user):
        label = _("Decide where examiners differ: %(turn)s") % {"turn": one.turn}
        place = one.turn.station.practical.consortium.name
        yield Todo(label, one.get_absolute_url(), place=place)


@todos.source
def judging_to_follow(user: User) -> Iterable[Todo]:
    """The office: arbiters to be named, and exams of which everything is in."""
    going_on = policy.followed_practicals(user).filter(state=Practical.State.ANNOUNCED)
    signed = Sheet.objects.filter(turn__station__practical=OuterRef("pk"))
    for practical in going_on.filter(Exists(signed)):
        results = list(turn_results(practical).values())
        for one in results:
            if one.undecided and not one.arbitration and policy.may_name(user, one):
                yield _todo(one, _("Name an arbiter: %(turn)s"))
        if all(one.points is not None for one in results):
            label = _("Close the practical exam “%(exam)s”") % {"exam": practical.title}
            address = reverse("scoresheets:console", args=[practical.consortium, practical.pk])
            yield Todo(label, address, place=practical.consortium.name)


def _undecided(practical: Practical) -> list[TurnResult]:
    return [one for one in turn_results(practical).values() if one.undecided]


def _todo(result: TurnResult, label: str) -> Todo:
    practical = result.turn.station.practical
    address = reverse("scoresheets:turn_detail", args=[practical.consortium, result.turn.pk])
    return Todo(label % {"turn": result.turn}, address, place=practical.consortium.name)
