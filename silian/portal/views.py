from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership
from silian.governance.roles.services import acting_role
from silian.kernel import clock
from silian.kernel.http import PublicRequest, Request
from silian.kernel.notices.todos import todos_of
from silian.kernel.ui.charts import Chart
from silian.portal import figures, policy
from silian.portal.workspaces import workspace_of


@login_not_required
def home(request: PublicRequest) -> HttpResponse:
    """The public home of the installation: which bodies live here, and what they have."""
    context = {
        "consortia": list(figures.consortia_with_counts()),
        "tiles": figures.of_installation(),
    }
    return render(request, "portal/home.html", context)


@login_not_required
def consortium_home(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """The public home of one body, for a mayor, a firm or a student who wants to know it."""
    leading = list(policy.leading_members(consortium))
    context = {
        "consortium": consortium,
        "tiles": figures.of_consortium(consortium),
        "guiding": [m for m in leading if m.part == Membership.Part.GUIDING],
        "leading": [m for m in leading if m.part != Membership.Part.GUIDING],
        "figures": consortium.figures.all(),
        "clusters": consortium.clusters.all(),
        "tasks": policy.tasks(consortium),
        "targets": policy.targets(consortium, clock.today().year),
        "bodies": policy.running_bodies(request.user, consortium),
        "positions": policy.newest_positions(request.user, consortium),
        "rounds": policy.running_rounds(request.user, consortium),
        "chart": members_chart(consortium),
    }
    return render(request, "portal/consortium_home.html", context)


def members_chart(consortium: Consortium) -> Chart:
    counted = figures.members_by_kind(consortium)
    return Chart(
        _("Members by kind"),
        [label for label, _number in counted],
        {_("Members"): [number for _label, number in counted]},
        kind="across",
    )


def workspace(request: Request) -> HttpResponse:
    """What waits for this person, then what their role works with."""
    role = acting_role(request)
    context = {
        "role": role,
        "todos": todos_of(request.user),
        "workspace": workspace_of(request.user, role),
    }
    return render(request, "portal/workspace.html", context)
