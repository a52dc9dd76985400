"""Who may see the plan of a consortium (everybody), and who may change it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.plans.models import Target, Task
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel.verdicts import YES, Verdict


def visible_tasks(user: Viewer) -> QuerySet[Task]:
    """Key tasks are announced in public."""
    return Task.objects.select_related("consortium", "owner")


def visible_targets(user: Viewer) -> QuerySet[Target]:
    """Targets and what was reached are public."""
    return Target.objects.select_related("consortium", "task")


def visible_owners(user: Viewer, task: Task) -> QuerySet[Organisation]:
    """Who can be responsible for ``task``: current members, and whoever is already."""
    current = task.consortium.memberships.current()
    member = Q(pk__in=current.values("organisation"))
    return Organisation.objects.filter(member | Q(pk=task.owner_id))


def may_edit(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` change tasks and targets of ``consortium`` and report what was reached?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_remove_task(user: Viewer, task: Task) -> Verdict:
    verdict = may_edit(user, task.consortium)
    if verdict and task.target_set.exists():
        return Verdict(_("Targets stand under this task, so it cannot be deleted."))
    return verdict


def may_remove_target(user: Viewer, target: Target) -> Verdict:
    verdict = may_edit(user, target.consortium)
    if verdict and (target.reached or target.note):
        return Verdict(_("Results were reported for this target, so it cannot be deleted."))
    return verdict
