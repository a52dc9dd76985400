"""What lower packages tell about students: their account, once an invitation is accepted."""

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.roles.models import Invitation
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search
from silian.kernel.vault import keepers
from silian.talent.profiles import policy
from silian.talent.profiles.models import Doubt, Student
from silian.talent.profiles.services import join_account, seal_again

keepers.append(seal_again)

search.index(
    Student,
    visible=policy.visible_rosters,
    name=_("Students"),
    text=lambda student: [student.number, student.class_name, student.programme.name_zh],
)


@receiver(post_save, sender=Invitation)
def student_has_account(instance: Invitation, **_about: Any) -> None:
    """Whoever takes up a student's invitation is that student."""
    if instance.accepted_by:
        for student in Student.objects.filter(invitation=instance, user=None):
            join_account(student, user=instance.accepted_by)


@todos.source
def persons_to_compare(user: User) -> Iterable[Todo]:
    """The system administrator: who was entered with a number that somebody else has."""
    waiting = policy.visible_doubts(user).filter(state=Doubt.State.OPEN).count()
    yield Todo(gettext("Compare persons"), reverse("profiles:doubt_index"), count=waiting)
