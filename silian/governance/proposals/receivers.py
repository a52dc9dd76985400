"""What waits for reviewers and applicants."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.bodies.models import Body
from silian.governance.bodies.policy import reviews_for
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def proposals_to_decide(user: User) -> Iterable[Todo]:
    """The secretariat: applications for bodies."""
    waiting = Body.objects.filter(state=Body.State.SUBMITTED, consortium__in=secretariats_of(user))
    label = _("Applications for bodies to review")
    yield from _by_consortium(waiting, label)


@todos.source
def proposals_to_judge(user: User) -> Iterable[Todo]:
    """Experts: applications of which they have not said what they think."""
    asked = reviews_for(user) - secretariats_of(user)
    waiting = Body.objects.filter(state=Body.State.SUBMITTED, consortium__in=asked)
    label = _("Applications for bodies that wait for your opinion")
    yield from _by_consortium(waiting.exclude(opinions__reviewer=user), label)


def _by_consortium(waiting: QuerySet[Body], label: str) -> Iterable[Todo]:
    consortia = Consortium.objects.filter(bodies__in=waiting)
    for consortium in consortia.annotate(n=Count("bodies")):
        url = reverse("proposals:proposal_index", args=[consortium]) + "?state=submitted"
        yield Todo(label, url, consortium.n, place=consortium.name)


@todos.source
def returned_proposals(user: User) -> Iterable[Todo]:
    """The applicant: applications that were returned for changes."""
    returned = Body.objects.filter(
        state=Body.State.RETURNED, host__in=organisations_of(user)
    ).select_related("consortium")
    for body in returned:
        label = _("Change the application for “%(body)s”") % {"body": body.name}
        yield Todo(label, body.get_absolute_url(), place=body.consortium.name)
