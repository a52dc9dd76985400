"""What lower packages tell about students: their account, once an invitation is accepted."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from silian.governance.roles.models import Invitation
from silian.kernel.search import services as search
from silian.talent.profiles import policy
from silian.talent.profiles.models import Student
from silian.talent.profiles.services import join_account

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
