"""Changing the plan: tasks, targets, and what was reached."""

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_noop

from silian.governance.consortia.models import Consortium
from silian.governance.plans.models import Target, Task
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record


@transaction.atomic
def save_task(task: Task, *, by: User) -> Task:
    """Keep a new or changed key task; a new one stands last."""
    action = gettext_noop("Task changed") if task.pk else gettext_noop("Task added")
    if not task.pk:
        last = _held(task.consortium).tasks.aggregate(Max("number"))["number__max"]
        task.number = (last or 0) + 1
    task.save()
    record(task.consortium, action, by=by, task=str(task))
    return task


@transaction.atomic
def shift_task(task: Task, *, by: User, down: bool) -> None:
    """Let ``task`` and its neighbour change numbers."""
    tasks = list(_held(task.consortium).tasks.all())
    at = tasks.index(task)
    to = at + (1 if down else -1)
    if not 0 <= to < len(tasks):
        return
    tasks[at].number, tasks[to].number = tasks[to].number, tasks[at].number
    Task.objects.bulk_update([tasks[at], tasks[to]], ["number"])
    record(task.consortium, gettext_noop("Tasks reordered"), by=by, task=str(tasks[at]))


@transaction.atomic
def remove_task(task: Task, *, by: User) -> None:
    """Remove a task under which no target stands; those after it move up."""
    later = _held(task.consortium).tasks.filter(number__gt=task.number)
    record(task.consortium, gettext_noop("Task removed"), by=by, task=str(task))
    task.delete()
    later.update(number=F("number") - 1)


@transaction.atomic
def save_target(target: Target, *, by: User) -> Target:
    """Keep a new or changed target; what was reached is reported, not edited."""
    action = gettext_noop("Target changed") if target.pk else gettext_noop("Target set")
    target.save()
    record(target, action, by=by, low=target.low, high=target.high)
    return target


@transaction.atomic
def report_reached(target: Target, *, by: User, reached: int, note: str) -> None:
    """Keep what was reached so far, and where the number comes from."""
    was = Target.objects.select_for_update().get(pk=target.pk).reached
    target.reached, target.note = reached, note
    target.save(update_fields=["reached", "note"])
    why = f"{was} → {reached} · {note}"
    record(target, gettext_noop("Result reported"), by=by, why=why)


@transaction.atomic
def remove_target(target: Target, *, by: User) -> None:
    """Remove a target for which nothing was reported."""
    record(target.consortium, gettext_noop("Target removed"), by=by, target=str(target))
    target.delete()


def _held(consortium: Consortium) -> Consortium:
    """The consortium, locked: whoever else changes the numbers of its tasks waits."""
    return Consortium.objects.select_for_update().get(pk=consortium.pk)
