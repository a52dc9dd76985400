"""What the way in shows, and to whom."""

from django.db.models import QuerySet

from silian.governance.bodies import policy as bodies
from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership
from silian.governance.plans.models import Target, Task
from silian.governance.roles.policy import Viewer
from silian.industry.demand import policy as demand
from silian.industry.demand.models import Position
from silian.talent.rounds import policy as rounds
from silian.talent.rounds.models import Round


def newest_positions(user: Viewer, consortium: Consortium) -> QuerySet[Position]:
    """The six published last; whoever may see drafts looks for them in the list."""
    shown = demand.visible_positions(user).filter(consortium=consortium)
    return shown.filter(state=Position.State.PUBLISHED).order_by("-published_at")[:6]


def running_rounds(user: Viewer, consortium: Consortium) -> QuerySet[Round]:
    return rounds.visible_rounds(user).filter(consortium=consortium)[:4]


def running_bodies(user: Viewer, consortium: Consortium) -> QuerySet[Body]:
    shown = bodies.visible_bodies(user).filter(consortium=consortium)
    return shown.filter(state=Body.State.RUNNING)


def leading_members(consortium: Consortium) -> QuerySet[Membership]:
    """Guiding bodies and lead units, which every public page of the body names."""
    current = Membership.objects.current().filter(consortium=consortium)
    return current.exclude(part=Membership.Part.MEMBER).select_related("organisation")


def tasks(consortium: Consortium) -> QuerySet[Task]:
    return Task.objects.filter(consortium=consortium).select_related("owner")


def targets(consortium: Consortium, year: int) -> QuerySet[Target]:
    return Target.objects.filter(consortium=consortium, year=year)
